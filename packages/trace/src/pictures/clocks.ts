import type { ProcessId } from '@upon/contract'
import type { Trace, TraceEntry } from '../trace'

/** Entries of a process that are shown, and what each knew of the shown ones of all: Mattern and Fidge's vector clocks. */
export interface Clocked {
  readonly entry: TraceEntry & { readonly process: ProcessId }
  readonly clock: ReadonlyMap<ProcessId, number>
}

/** Gives each entry that `isShown` its vector clock. What is not shown still carries knowledge on. Faults of the network alone have no clock. */
export function vectorClocks(trace: Trace, isShown: (entry: TraceEntry) => boolean): Clocked[] {
  const now = new Map<ProcessId, ReadonlyMap<ProcessId, number>>()
  const at: (ReadonlyMap<ProcessId, number> | undefined)[] = []
  const clocked: Clocked[] = []
  for (const entry of trace.entries) {
    const { process } = entry
    if (process === undefined) {
      at.push(undefined)
      continue
    }
    let clock = now.get(process) ?? new Map<ProcessId, number>()
    if (entry.type === 'event' && entry.cause >= 0) clock = joined(clock, at[entry.cause])
    if (isShown(entry)) {
      clock = new Map(clock).set(process, (clock.get(process) ?? 0) + 1)
      clocked.push({ entry: { ...entry, process }, clock })
    }
    now.set(process, clock)
    at.push(clock)
  }
  return clocked
}

function joined(clock: ReadonlyMap<ProcessId, number>, other: ReadonlyMap<ProcessId, number> | undefined): ReadonlyMap<ProcessId, number> {
  if (other === undefined || other === clock) return clock
  const both = new Map(clock)
  for (const [p, count] of other) both.set(p, Math.max(count, both.get(p) ?? 0))
  return both
}
