import { parentPort } from 'node:worker_threads'
import { runTurns } from '@upon/compliance'
import { load, type Source, scenarioIn } from './load'

/** A job for a worker thread: some seeds of an algorithm. */
export interface Batch extends Source {
  /** The number of processes, or the entry's sizes by turns. */
  readonly processes?: number
  /** The first seed. */
  readonly first: number
  readonly runs: number
}

parentPort?.on('message', async ({ processes, first, runs, ...source }: Batch) => {
  const entry = await load(source)
  const sizes = processes === undefined ? entry.options.sizes : [processes]
  parentPort?.postMessage(runTurns(scenarioIn(entry, source.layers), first, runs, sizes))
})
