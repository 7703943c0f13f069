import type { ProcessId } from '@upon/contract'
import type { AlgorithmEvent, FaultEvent, Trace } from './trace'

/** A trace, looked through once: who is correct, and the events of each instance. */
export interface Run {
  readonly trace: Trace
  /** Π, by rank. */
  readonly processes: readonly ProcessId[]
  /** Those that never crash in the trace, by rank. */
  readonly correct: readonly ProcessId[]
  /** The first crash of each process that crashes. */
  readonly crashes: ReadonlyMap<ProcessId, FaultEvent>
  /** The events of each instance, by path. */
  readonly instances: ReadonlyMap<string, readonly AlgorithmEvent[]>
  readonly isQuiescent: boolean
}

const runs = new WeakMap<Trace, Run>()

/** Looks through a trace, the first time. The trace must not change any more. */
export function runOf(trace: Trace): Run {
  const known = runs.get(trace)
  if (known) return known
  const crashes = new Map<ProcessId, FaultEvent>()
  const instances = new Map<string, AlgorithmEvent[]>()
  for (const entry of trace.entries) {
    if (entry.type === 'event') {
      const events = instances.get(entry.path)
      if (events) events.push(entry)
      else instances.set(entry.path, [entry])
    } else if (entry.type === 'crash' && entry.process !== undefined && !crashes.has(entry.process)) crashes.set(entry.process, entry)
  }
  const processes = trace.processes.map(({ id }) => id)
  const correct = processes.filter((p) => !crashes.has(p))
  const run = { trace, processes, correct, crashes, instances, isQuiescent: trace.end === 'quiescent' }
  runs.set(trace, run)
  return run
}

/** The events of that name in an instance; `undefined` for an instance never heard of gives none. */
export function eventsOf(run: Run, path: string, event: string): AlgorithmEvent[] {
  return (run.instances.get(path) ?? []).filter((entry) => entry.event === event)
}
