import type { ProcessId } from '@upon/contract'
import type { AlgorithmEvent, FaultEvent, Trace } from '@upon/trace'
import { type IllFormed, WellFormedness } from './illformed'
import { Latest } from './latest'

/** A trace, looked through once: who is correct, and the events of each instance. */
export interface Run {
  readonly trace: Trace
  /** Π, by rank. */
  readonly processes: readonly ProcessId[]
  /** Those that are up in the end and so, as far as the trace tells, for ever: they never crash, or have recovered from every crash. */
  readonly correct: readonly ProcessId[]
  /** Of each process that is down in the end, the crash that it did not recover from. */
  readonly crashes: ReadonlyMap<ProcessId, FaultEvent>
  /** Every crash, also those that a recovery followed, in order. */
  readonly everyCrash: readonly FaultEvent[]
  /** The events of each instance, by path. */
  readonly instances: ReadonlyMap<string, readonly AlgorithmEvent[]>
  readonly isQuiescent: boolean
  /** The first entry that no run can have, if there is one. */
  readonly illFormed: IllFormed | undefined
}

const runs = new Latest<Trace, Run>()

/** Looks through a trace, unless it was the last one that was looked through. The trace must not change any more. */
export function runOf(trace: Trace): Run {
  const known = runs.get(trace)
  if (known) return known
  const crashes = new Map<ProcessId, FaultEvent>()
  const everyCrash: FaultEvent[] = []
  const instances = new Map<string, AlgorithmEvent[]>()
  const wellFormedness = new WellFormedness(trace)
  let illFormed: IllFormed | undefined
  for (const entry of trace.entries) {
    const why = illFormed === undefined ? wellFormedness.problemOf(entry) : undefined
    if (why !== undefined) illFormed = { entry, why }
    if (entry.type === 'event') {
      const events = instances.get(entry.path)
      if (events) events.push(entry)
      else instances.set(entry.path, [entry])
    } else if (entry.process !== undefined) {
      if (entry.type === 'recover') crashes.delete(entry.process)
      if (entry.type !== 'crash') continue
      everyCrash.push(entry)
      if (!crashes.has(entry.process)) crashes.set(entry.process, entry)
    }
  }
  const processes = trace.processes.map(({ id }) => id)
  const correct = processes.filter((p) => !crashes.has(p))
  const run = { trace, processes, correct, crashes, everyCrash, instances, isQuiescent: trace.end === 'quiescent', illFormed }
  runs.set(trace, run)
  return run
}

/** The events of that name in an instance; `undefined` for an instance never heard of gives none. */
export function eventsOf(run: Run, path: string, event: string): AlgorithmEvent[] {
  return (run.instances.get(path) ?? []).filter((entry) => entry.event === event)
}
