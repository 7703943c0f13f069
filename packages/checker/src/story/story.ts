import type { ProcessId } from '@upon/contract'
import type { AlgorithmEvent, PictureOptions, Trace, TraceEntry } from '@upon/trace'
import { answersIn, arrivalsIn } from './notes'

/** What a story is about: a violation. */
export interface StoryFocus {
  /** The entries that show the violation. */
  readonly events?: readonly TraceEntry[]
  /** The path of the instance with the violation. */
  readonly path?: string
  /** For `safety`, only entries that can have influenced `events` are shown, and none after the last of them. */
  readonly sort?: 'safety' | 'liveness'
}

/**
 * Options that draw a trace as the story of a violation: without the inside of failure detectors, without the links below a broadcast, without
 * timers that cause nothing, and, for safety, without entries that can have had no influence. Notes say which answers an event had waited for,
 * and which processes a message did not reach.
 */
export function storyOf(trace: Trace, { events = [], path, sort }: StoryFocus): PictureOptions {
  const isSliced = sort === 'safety' && events.length > 0
  const last = isSliced ? Math.max(...events.map(({ index }) => index)) : Number.POSITIVE_INFINITY
  const past = isSliced ? pastOf(trace, events) : undefined
  const marked = new Set(events.map(({ index }) => index))
  const wanted = new Set<number>(marked)
  const useful = new Set<number>()
  for (let i = trace.entries.length - 1; i >= 0; i--) {
    const entry = trace.entries[i] as TraceEntry
    const isPart = entry.type === 'event' ? (past?.has(i) ?? true) && isRelevant(entry, path, useful) : i <= last
    if (isPart) wanted.add(i)
    if (wanted.has(i) && entry.type === 'event' && entry.cause >= 0) useful.add(entry.cause)
  }
  const isShown = ({ index }: TraceEntry) => wanted.has(index)
  const notes = [answersIn(trace, isShown), arrivalsIn(trace, isShown, last)]
  const note = (entry: TraceEntry) => notes.flatMap((of) => of(entry) ?? []).join('; ') || undefined
  return { marked: events, show: isShown, note, times: 'shown' }
}

const DETECTOR = /(?<=^|\.)(?:e?pfd|eld|le)(?=\.)/g

/** Whether a path lies within a detector, or is the links of a broadcast, and the violation is elsewhere. */
function isInside(path: string, about: string | undefined): boolean {
  const isAbout = (instance: string) => about === instance || about?.startsWith(`${instance}.`) === true
  for (const { 0: name, index } of path.matchAll(DETECTOR)) if (!isAbout(path.slice(0, index + name.length))) return true
  return path.endsWith('.beb.pl') && about !== path
}

function isRelevant(
  { index, path, module, direction, event }: AlgorithmEvent,
  about: string | undefined,
  useful: ReadonlySet<number>,
): boolean {
  if (direction === 'rule' || isInside(path, about)) return false
  return module !== 'Timer' || (event === 'timeout' && useful.has(index))
}

/** The causal past of the entries: all that happened before them at their processes, the sendings of what was delivered there, and so on. */
export function pastOf(trace: Trace, events: readonly TraceEntry[]): ReadonlySet<number> {
  const past = new Set(events.map(({ index }) => index))
  const processes = new Set<ProcessId>()
  for (let i = Math.max(-1, ...past); i >= 0; i--) {
    const entry = trace.entries[i] as TraceEntry
    if (!past.has(i) && (entry.process === undefined || !processes.has(entry.process))) continue
    past.add(i)
    if (entry.process !== undefined) processes.add(entry.process)
    if (entry.type === 'event' && entry.cause >= 0) past.add(entry.cause)
  }
  return past
}
