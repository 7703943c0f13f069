import type { ProcessId } from '@upon/contract'
import type { Trace, TraceEntry } from '../trace'
import { shown } from '../values'

/** What a picture shows. */
export interface PictureOptions {
  /** Entries to mark: those that prove a violation. They are always shown. */
  readonly marked?: readonly TraceEntry[]
  /** Which other entries are shown; default all. */
  readonly show?: (entry: TraceEntry) => boolean
  /** At most so many entries, those around the first marked one, or else the first; default 300. */
  readonly limitEntries?: number
  /** Default: none. */
  readonly title?: string
}

/** `uc.ep[3].beb.broadcast(5)`, `crash`. */
export function wordsOf(entry: TraceEntry): string {
  if (entry.type !== 'event') return entry.detail === undefined ? entry.type : `${entry.type}: ${entry.detail}`
  return `${entry.path}.${entry.event}(${entry.attributes.map(shown).join(', ')})`
}

/** For what another process caused: the entry of the sending. */
export function sendingOf(trace: Trace, entry: TraceEntry): (TraceEntry & { readonly process: ProcessId }) | undefined {
  if (entry.type !== 'event' || entry.cause < 0) return undefined
  const sending = trace.entries[entry.cause]
  if (sending?.process === undefined || sending.process === entry.process) return undefined
  return { ...sending, process: sending.process }
}

const LIMIT_ENTRIES = 300

/** The entries that a picture shows, and how many there would be without the limit. */
export function selected(trace: Trace, options: PictureOptions): { readonly entries: readonly TraceEntry[]; readonly all: number } {
  const { marked = [], show = () => true, limitEntries = LIMIT_ENTRIES } = options
  const must = new Set(marked.map(({ index }) => index))
  const wanted = trace.entries.filter((entry) => must.has(entry.index) || show(entry))
  const first = wanted.findIndex(({ index }) => must.has(index))
  const start = Math.max(0, Math.min(first - Math.floor((limitEntries * 2) / 3), wanted.length - limitEntries))
  const within = new Set(wanted.slice(start, start + limitEntries).map(({ index }) => index))
  return { entries: wanted.filter(({ index }) => within.has(index) || must.has(index)), all: wanted.length }
}
