// Tries one mutant: a thread of its own, which may have to be ended from outside.
import { parentPort, workerData } from 'node:worker_threads'

const { bundle, algorithms, budget } = workerData
try {
  const { trial } = await import(bundle)
  parentPort?.postMessage(trial(algorithms, budget))
} catch (error) {
  const caught = { by: 'crash', why: String(error), entry: '', schedules: 0 }
  parentPort?.postMessage({ caught, schedules: 0, entries: [] })
}
