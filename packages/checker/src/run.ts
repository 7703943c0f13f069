import type { ProcessId } from '@upon/contract'
import type { AlgorithmEvent, FaultEvent, Trace } from '@upon/trace'
import { type IllFormed, WellFormedness } from './illformed'
import { Latest } from './latest'

/** What one pass over a trace finds: the correct processes, and the events of each instance. */
export interface Run {
  readonly trace: Trace
  /** Π, by rank. */
  readonly processes: readonly ProcessId[]
  /** The processes that are up when the trace ends: they never crashed, or recovered from every crash. */
  readonly correct: readonly ProcessId[]
  /** Of each process that is down when the trace ends, the crash that it did not recover from. */
  readonly crashes: ReadonlyMap<ProcessId, FaultEvent>
  /** All crashes in order, including those with a later recovery. */
  readonly everyCrash: readonly FaultEvent[]
  /** The events of each instance, by path. */
  readonly instances: ReadonlyMap<string, readonly AlgorithmEvent[]>
  readonly isQuiescent: boolean
  /** The first entry that no run can have, if any. */
  readonly illFormed: IllFormed | undefined
}

const runs = new Latest<Trace, Run>()

/** Examines a trace. The result for the latest trace is kept, so the trace must not change any more. */
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
      if (entry.direction === 'rule') continue // a rule is no event of its instance
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

/** The events of that name in an instance; none if the trace has no such instance. */
export function eventsOf(run: Run, path: string, event: string): AlgorithmEvent[] {
  return (run.instances.get(path) ?? []).filter((entry) => entry.event === event)
}
