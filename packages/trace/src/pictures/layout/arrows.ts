import type { AlgorithmEvent, FaultEvent, Trace, TraceEntry } from '../../trace'
import { sendingOf } from '../words'
import type { Axes } from './axes'
import type { Arrow, Place, UnderWay } from './types'

/** How far a message that has not arrived is drawn on its way. */
const REACH = { lost: 0.5, 'under way': 0.62 } as const
/** Ends of arrows at the present are at least so far apart. */
const APART = 14

/** A sending that has not arrived. */
type Sending = AlgorithmEvent & { readonly event: 'send' }

/** All messages between processes: delivered, lost and under way. What is under way is known from the trace, unless it is given. */
export function arrowsOf(trace: Trace, entries: readonly TraceEntry[], axes: Axes, given?: readonly UnderWay[]): Arrow[] {
  const delivered = entries.flatMap((entry) => deliveredBy(trace, entry, axes))
  const last = entries.at(-1)?.index ?? -1
  const { lost, waiting } = fatesIn(trace, last)
  const losses = lost.flatMap(({ sending, loss }) => lostArrow(trace, sending, loss, axes))
  const open = given === undefined || last < trace.entries.length - 1 ? waiting.map(openSending) : given
  const isDead = crashedBy(trace, last)
  const vain = given === undefined ? open.filter(({ to }) => to !== undefined && isDead.has(to)) : []
  const present = open.filter((item) => !vain.includes(item)).flatMap((item) => underWay(trace, item, axes))
  return [...delivered, ...losses, ...vain.flatMap((item) => inVain(trace, item, axes)), ...spread(present, axes)]
}

function deliveredBy(trace: Trace, entry: TraceEntry, axes: Axes): Arrow[] {
  const sending = sendingOf(trace, entry, ({ index }) => axes.isShown(index))
  const to = axes.of(entry)
  const from = sending && axes.of(sending)
  if (from === undefined || to === undefined || sending === undefined || entry.process === undefined) return []
  return [{ fate: 'delivered', sender: sending.process, receiver: entry.process, from, to, sent: sending.index, ended: entry.index }]
}

/** The lost messages, and those that have neither arrived nor been lost, up to an entry. */
function fatesIn(trace: Trace, last: number) {
  const lost: { sending: Sending; loss: FaultEvent }[] = []
  const waiting = new Map<number, Sending>()
  const carriers = new Set<string>() // instances whose deliveries name their sendings
  for (const entry of trace.entries) {
    const { cause = -1 } = entry
    const sending = cause < 0 ? undefined : trace.entries[cause]
    if (entry.type === 'event' && isSending(entry)) {
      if (sending !== undefined && isSending(sending)) waiting.delete(cause) // a layer below carries it
      if (entry.index <= last) waiting.set(entry.index, entry)
    }
    if (sending === undefined || !isSending(sending)) continue
    if (entry.type === 'event' && entry.event === 'deliver' && entry.path === sending.path) {
      carriers.add(entry.path)
      waiting.delete(cause)
    }
    if (entry.type !== 'loss') continue
    carriers.add(sending.path)
    waiting.delete(cause)
    if (entry.index <= last) lost.push({ sending, loss: entry })
  }
  return { lost, waiting: [...waiting.values()].filter(({ path }) => carriers.has(path)) }
}

const isSending = (entry: TraceEntry): entry is Sending =>
  entry.type === 'event' && entry.event === 'send' && entry.direction === 'request' && entry.module.endsWith('Links')

const openSending = ({ index, process, attributes: [to] }: Sending): UnderWay => ({ sentEntry: index, from: process, to: to as string })

/** A sending as far as it is shown: itself, or the nearest shown entry of its process that led to it. */
function shownSending(trace: Trace, sent: number, axes: Axes): AlgorithmEvent | undefined {
  const process = trace.entries[sent]?.process
  for (let at = trace.entries[sent]; at?.type === 'event' && at.process === process; at = trace.entries[at.cause]) {
    if (axes.isShown(at.index)) return at
    if (at.cause < 0) return undefined
  }
  return undefined
}

function lostArrow(trace: Trace, sending: Sending, loss: FaultEvent, axes: Axes): Arrow[] {
  const [receiver] = sending.attributes
  const shown = shownSending(trace, sending.index, axes)
  const from = shown && axes.of(shown)
  if (from === undefined || shown === undefined || typeof receiver !== 'string' || receiver === sending.process) return []
  const along = Math.max(axes.column(loss.index) ?? 0, axes.along(from) + axes.step)
  const to = axes.place(along, between(axes, from, receiver, REACH.lost))
  return [{ fate: 'lost', sender: sending.process, receiver, from, to, sent: shown.index, ended: loss.index }]
}

const between = (axes: Axes, from: Place, receiver: string, part: number): number =>
  axes.across(from) + (axes.lane(receiver) - axes.across(from)) * part

/** A message to a process that has crashed. */
function inVain(trace: Trace, item: UnderWay, axes: Axes): Arrow[] {
  return underWay(trace, item, axes).map((arrow) => {
    const crash = trace.entries.findLast(({ type, process }) => type === 'crash' && process === arrow.receiver)
    const along = Math.max(axes.along(arrow.from), axes.column(crash?.index ?? -1) ?? 0) + 1.5 * axes.step
    return { ...arrow, fate: 'lost', to: axes.place(Math.min(along, axes.end), between(axes, arrow.from, arrow.receiver, 0.9)) }
  })
}

function underWay(trace: Trace, { id, to: receiver, sentEntry = -1, heldBy }: UnderWay, axes: Axes): Arrow[] {
  const shown = shownSending(trace, sentEntry, axes)
  const from = shown && axes.of(shown)
  if (from === undefined || shown === undefined || receiver === undefined || receiver === shown.process) return []
  const to = axes.place(axes.end, between(axes, from, receiver, REACH['under way']))
  const named = { ...(id === undefined ? {} : { id }), ...(heldBy === undefined ? {} : { heldBy }) }
  return [{ fate: 'under way', sender: shown.process, receiver, from, to, sent: shown.index, ...named }]
}

/** Pushes ends at the present apart. */
function spread(arrows: readonly Arrow[], axes: Axes): Arrow[] {
  const apart = Math.min(APART, (axes.last - axes.first + APART) / Math.max(1, arrows.length))
  const sorted = [...arrows].sort((a, b) => axes.across(a.to) - axes.across(b.to))
  let least = axes.first - APART / 2
  const moved = new Map<Arrow, Place>()
  sorted.forEach((arrow, i) => {
    const most = axes.last + APART / 2 - apart * (sorted.length - 1 - i)
    const across = Math.min(Math.max(axes.across(arrow.to), least), most)
    moved.set(arrow, axes.place(axes.end, across))
    least = across + apart
  })
  return arrows.map((arrow) => ({ ...arrow, to: moved.get(arrow) ?? arrow.to }))
}

function crashedBy(trace: Trace, last: number): ReadonlySet<string> {
  const down = new Set<string>()
  for (const { type, process } of trace.entries.slice(0, last + 1)) {
    if (type === 'crash' && process !== undefined) down.add(process)
    if (type === 'recover' && process !== undefined) down.delete(process)
  }
  return down
}
