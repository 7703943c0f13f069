import type { ProcessId } from '@upon/contract'
import type { FaultEvent, Trace, TraceEntry } from '../../trace'
import type { Axes } from './axes'
import type { Band, Lane, LaneSpan } from './types'

/** The lane of each process: from the beginning or a recovery to the next crash, and where it is paused. */
export function lanesOf(trace: Trace, entries: readonly TraceEntry[], axes: Axes): Lane[] {
  const last = entries.at(-1)?.index ?? -1
  return trace.processes.map(({ id }) => ({
    process: id,
    from: axes.place(axes.start, axes.lane(id)),
    spans: spansOf(id, trace.entries.slice(0, last + 1), axes),
  }))
}

function spansOf(process: ProcessId, entries: readonly TraceEntry[], axes: Axes): LaneSpan[] {
  const across = axes.lane(process)
  const spans: LaneSpan[] = []
  const now: { is: LaneSpan['is'] | 'down'; from: number } = { is: 'up', from: axes.start }
  let latest = axes.start
  const change = (is: typeof now.is, at: number) => {
    if (now.is !== 'down' && at > now.from) spans.push({ is: now.is, from: axes.place(now.from, across), to: axes.place(at, across) })
    Object.assign(now, { is, from: at })
  }
  for (const entry of entries) {
    latest = axes.column(entry.index) ?? latest
    if (entry.process !== process) continue
    if (entry.type === 'crash') change('down', latest)
    else if (entry.type === 'pause' && now.is === 'up') change('paused', latest)
    else if (entry.type === 'recover' || (entry.type === 'resume' && now.is === 'paused')) change('up', latest)
  }
  change('down', axes.end)
  return spans
}

/** The partitions, each from its beginning to its end, as far as these are shown. */
export function bandsOf(trace: Trace, entries: readonly TraceEntry[], axes: Axes): Band[] {
  const last = entries.at(-1)?.index ?? -1
  const open = new Map<string, { readonly entry: FaultEvent; readonly from: number }>()
  const bands: Band[] = []
  let latest = axes.start
  const close = ({ entry, from }: { readonly entry: FaultEvent; readonly from: number }, to: number, isOpen: boolean) => {
    const begin = axes.place(from - 4, axes.first - 30)
    const end = axes.place(Math.max(to, from) + 4, axes.last + 22)
    const box = { left: begin.x, top: begin.y, right: end.x, bottom: end.y }
    bands.push({ entry: entry.index, box, words: entry.detail ?? 'partition', isOpen })
  }
  for (const entry of trace.entries.slice(0, last + 1)) {
    latest = axes.column(entry.index) ?? latest
    if (entry.type === 'partition') open.set(entry.detail ?? '', { entry, from: latest })
    const begun = entry.type === 'heal' ? open.get(entry.detail ?? '') : undefined
    if (begun === undefined) continue
    open.delete(entry.type === 'heal' ? (entry.detail ?? '') : '')
    close(begun, latest, false)
  }
  for (const begun of open.values()) close(begun, axes.end - 4, true)
  return bands.sort((a, b) => a.entry - b.entry)
}
