import { parentPort } from 'node:worker_threads'
import { runSeeds } from '@upon/simulator'
import { load, type Source, scenarioIn } from './load'

/** What the command asks of a worker thread: some seeds of an algorithm. */
export interface Batch extends Source {
  readonly processes: number
  /** The first seed. */
  readonly first: number
  readonly runs: number
}

parentPort?.on('message', async ({ processes, first, runs, ...source }: Batch) => {
  const scenario = scenarioIn(await load(source), source.layers)
  parentPort?.postMessage(runSeeds({ ...scenario, processes }, first, runs))
})
