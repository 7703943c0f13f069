import { Worker } from 'node:worker_threads'
import { addStatistics, noStatistics, type Statistics } from '@upon/simulator'
import type { Batch } from './worker'

export interface PoolOptions extends Batch {
  readonly workers: number
  /** Starts nothing new after that much real time. */
  readonly limitMs: number
  readonly onProgress: (sum: Statistics) => void
}

/** Small enough to end soon, large enough to be worth a message. */
const BATCH_RUNS = 250

/** Runs seeds on worker threads. Which thread runs which seed changes nothing about the seeds. */
export async function runOnAllCores({ first, runs, workers, limitMs, onProgress, ...source }: PoolOptions): Promise<Statistics> {
  const sum = noStatistics()
  const endMs = Date.now() + limitMs
  let next = first
  const takeBatch = (): Batch | undefined => {
    const left = first + runs - next
    if (left <= 0 || Date.now() >= endMs) return undefined
    const batch = { ...source, first: next, runs: Math.min(left, BATCH_RUNS) }
    next += batch.runs
    return batch
  }
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL('./worker.js', import.meta.url))
      const proceed = () => {
        const batch = takeBatch()
        if (batch === undefined) void worker.terminate().then(() => resolve())
        else worker.postMessage(batch)
      }
      worker.on('message', (statistics: Statistics) => {
        addStatistics(sum, statistics)
        onProgress(sum)
        proceed()
      })
      worker.on('error', reject)
      proceed()
    })
  await Promise.all(Array.from({ length: workers }, work))
  return sum
}
