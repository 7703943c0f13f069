import { parentPort } from 'node:worker_threads'
import type { Scenario } from './scenario'
import { scenarios } from './scenarios'
import { runSeeds } from './seeds'

/** What the command asks of a worker thread: some seeds of a scenario. */
export interface Batch {
  readonly name: string
  readonly processes: number
  readonly from: number
  readonly runs: number
}

parentPort?.on('message', ({ name, processes, from, runs }: Batch) => {
  const scenario = { ...(scenarios[name] as Scenario), processes }
  parentPort?.postMessage(runSeeds(scenario, from, runs))
})
