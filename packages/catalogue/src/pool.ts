import { Worker } from 'node:worker_threads'
import { addStatistics, noStatistics, type Statistics } from '@upon/simulator'
import type { Batch } from './worker'

export interface PoolOptions extends Batch {
  /** Starts no new batch after this much real time. */
  readonly limitMs: number
  readonly onProgress: (sum: Statistics) => void
}

/** Small enough to end soon, large enough to be worth a message. */
const BATCH_RUNS = 250

/** After this many violations, at this cost, more runs show nothing new. */
const ENOUGH = { violations: 20, events: 1_000_000 } as const

/** Runs seeds on worker threads, which stay for the next algorithm. The result of a seed does not depend on its thread. */
export class Pool {
  readonly #workers: Worker[]

  constructor(workers: number) {
    this.#workers = Array.from({ length: workers }, () => new Worker(new URL('./worker.js', import.meta.url)))
  }

  async run({ first, runs, limitMs, onProgress, ...source }: PoolOptions): Promise<Statistics> {
    const sum = noStatistics()
    const endMs = Date.now() + limitMs
    let next = first
    const takeBatch = (): Batch | undefined => {
      const left = first + runs - next
      const isEnough = sum.violations >= ENOUGH.violations && sum.events >= ENOUGH.events
      if (left <= 0 || isEnough || Date.now() >= endMs) return undefined
      const batch = { ...source, first: next, runs: Math.min(left, BATCH_RUNS) }
      next += batch.runs
      return batch
    }
    const work = async (worker: Worker) => {
      for (let batch = takeBatch(); batch !== undefined; batch = takeBatch()) {
        addStatistics(sum, await answer(worker, batch))
        onProgress(sum)
      }
    }
    await Promise.all(this.#workers.map(work))
    return sum
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }
}

const answer = (worker: Worker, batch: Batch): Promise<Statistics> =>
  new Promise((resolve, reject) => {
    const settle = (then: () => void) => {
      worker.removeListener('message', done)
      worker.removeListener('error', failed)
      then()
    }
    const done = (statistics: Statistics) => settle(() => resolve(statistics))
    const failed = (error: Error) => settle(() => reject(error))
    worker.on('message', done)
    worker.on('error', failed)
    worker.postMessage(batch)
  })
