import type { ProcessId } from '@upon/contract'
import type { Trace, TraceEntry } from '../trace'
import { isNoRule, type PictureOptions, wordsOf } from './words'

/** The expression by which ShiViz parses the log. The second line, empty here, would separate executions. */
const PARSER = '(?<host>\\S+) (?<clock>\\{.*\\})\\n(?<event>.*)'

/** A log for ShiViz: two lines for its parser, then two lines per entry of a process, with valid vector clocks. */
export function shivizLog(trace: Trace, options: Pick<PictureOptions, 'show'> = {}): string {
  const lines = [PARSER, '']
  for (const { entry, clock } of vectorClocks(trace, options.show ?? isNoRule)) {
    const known = Object.fromEntries([...clock].map(([p, count]) => [hostOf(p), count]))
    lines.push(`${hostOf(entry.process)} ${JSON.stringify(known)}`, wordsOf(entry).replaceAll(/[\r\n]/g, ' '))
  }
  return `${lines.join('\n')}\n`
}

const hostOf = (process: string): string => process.replaceAll(/\s/g, '_')

/** A shown entry of a process with its vector clock (Mattern, Fidge) over the shown entries. */
interface Clocked {
  readonly entry: TraceEntry & { readonly process: ProcessId }
  readonly clock: ReadonlyMap<ProcessId, number>
}

/** Gives each entry that `isShown` its vector clock. Entries that are not shown still pass knowledge on. Faults of the network have no clock. */
function vectorClocks(trace: Trace, isShown: (entry: TraceEntry) => boolean): Clocked[] {
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
