import type { ProcessId } from '@upon/contract'
import { clipped } from '../clipped'
import type { Trace, TraceEntry } from '../trace'
import { shown } from '../values'

/** What a picture shows. */
export interface PictureOptions {
  /** Entries to mark: those that show a violation. They are always shown. */
  readonly marked?: readonly TraceEntry[]
  /** Which other entries are shown; by default all but rules. */
  readonly show?: (entry: TraceEntry) => boolean
  /** The number of entries shown: those around the first marked one, or the first entries; default 300. */
  readonly limitEntries?: number
  /** What marked entries are: they show a violation, or are what the picture is about; by default `violation`. */
  readonly marks?: 'violation' | 'highlight'
  /** Default: none. */
  readonly title?: string
  /** A note on an entry; default none. */
  readonly note?: (entry: TraceEntry) => string | undefined
  /** Whether a picture as text has a column of times; default `hidden`. */
  readonly times?: 'shown' | 'hidden'
}

/** `uc.ep[3].beb.broadcast([READ])`, `crash`. */
export function wordsOf(entry: TraceEntry): string {
  if (entry.type !== 'event') return entry.detail === undefined ? entry.type : `${entry.type}: ${entry.detail}`
  if (entry.direction === 'rule') return `${entry.path}: ${entry.event}`
  return `${entry.path}.${entry.event}(${entry.attributes.map(attributeText).join(', ')})`
}

/** A message as the book writes it: `[WRITE, val: 5]`. */
function attributeText(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('kind' in value) || typeof value.kind !== 'string') return shown(value)
  const fields = Object.entries(value).filter(([name]) => name !== 'kind')
  return `[${[value.kind, ...fields.map(([name, field]) => `${name}: ${shown(field)}`)].join(', ')}]`
}

const LIMIT_LABEL = 24

/** A short label of what a client asks for or learns, and of a fault of a process; of other entries none. */
export function eventText(entry: TraceEntry): string | undefined {
  if (entry.type === 'loss' || entry.type === 'duplicate' || entry.process === undefined) return undefined
  if (entry.type !== 'event') return entry.type
  if (entry.path.includes('.') || entry.direction === 'query' || entry.direction === 'rule') return undefined
  return clipped([entry.event, ...entry.attributes.map(attributeText)].join(' '), LIMIT_LABEL)
}

/** A short label of the message that an entry sends or delivers: its kind and its value. */
export function messageText(entry: TraceEntry): string | undefined {
  if (entry.type !== 'event' || !(entry.event === 'deliver' || entry.event === 'send')) return undefined
  const message = entry.attributes.at(-1)
  if (typeof message !== 'object' || message === null || !('kind' in message)) return clipped(shown(message), LIMIT_LABEL)
  const { kind, val, v, m, ts } = message as Record<string, unknown>
  const value = 'val' in message ? val : 'v' in message ? v : 'm' in message ? m : ts
  return clipped(['val', 'v', 'm', 'ts'].some((name) => name in message) ? `${kind} ${shown(value)}` : String(kind), LIMIT_LABEL)
}

/**
 * The entry of the sending, for an entry that another process caused. If the sending is not shown, the nearest shown cause of it; none if
 * a shown entry of the same process lies between.
 */
export function sendingOf(
  trace: Trace,
  entry: TraceEntry,
  isShown: (entry: TraceEntry) => boolean = () => true,
): (TraceEntry & { readonly process: ProcessId }) | undefined {
  for (let at: TraceEntry | undefined = entry; at?.type === 'event' && at.cause >= 0; ) {
    at = trace.entries[at.cause]
    if (at?.process === undefined || !isShown(at)) continue
    return at.process === entry.process ? undefined : { ...at, process: at.process }
  }
  return undefined
}

const LIMIT_ENTRIES = 300

/** An event or a fault. */
export const isNoRule = (entry: TraceEntry): boolean => entry.type !== 'event' || entry.direction !== 'rule'

/** The entries that a picture shows, and their number without the limit. */
export function selected(trace: Trace, options: PictureOptions): { readonly entries: readonly TraceEntry[]; readonly all: number } {
  const { marked = [], show = isNoRule, limitEntries = LIMIT_ENTRIES } = options
  const must = new Set(marked.map(({ index }) => index))
  const wanted = trace.entries.filter((entry) => must.has(entry.index) || show(entry))
  const first = wanted.findIndex(({ index }) => must.has(index))
  const start = Math.max(0, Math.min(first - Math.floor((limitEntries * 2) / 3), wanted.length - limitEntries))
  const within = new Set(wanted.slice(start, start + limitEntries).map(({ index }) => index))
  return { entries: wanted.filter(({ index }) => within.has(index) || must.has(index)), all: wanted.length }
}

/** A time in milliseconds, rounded to tenths. */
export const momentText = (timeMs: number): string => String(Math.round(timeMs * 10) / 10)
