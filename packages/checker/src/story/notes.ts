import type { ProcessId } from '@upon/contract'
import type { AlgorithmEvent, Trace, TraceEntry } from '@upon/trace'

/** A remark on an entry, if there is one. */
type Note = (entry: TraceEntry) => string | undefined

type Delivery = AlgorithmEvent & { readonly event: 'deliver' }
type Sending = AlgorithmEvent & { readonly direction: 'request'; readonly event: 'send' | 'broadcast' }

const kindOf = ({ attributes }: AlgorithmEvent): string | undefined => {
  const message = attributes.at(-1)
  return typeof message === 'object' && message !== null && 'kind' in message && typeof message.kind === 'string' ? message.kind : undefined
}

const isDelivery = (entry: TraceEntry): entry is Delivery =>
  entry.type === 'event' && entry.event === 'deliver' && kindOf(entry) !== undefined

const isSending = (entry: TraceEntry): entry is Sending =>
  entry?.type === 'event' && entry.direction === 'request' && (entry.event === 'send' || entry.event === 'broadcast')

/**
 * What an event had waited for. If a message caused the event: all messages of that kind so far, from different processes, with the same first cause.
 * This shows the quorum of a write, of an epoch, of an acknowledged broadcast.
 */
export function answersIn(trace: Trace, isShown: (entry: TraceEntry) => boolean): Note {
  const beginnings: number[] = []
  const alike = new Map<string, AlgorithmEvent[]>()
  const keyOf = (event: AlgorithmEvent) => JSON.stringify([event.process, event.path, kindOf(event), beginnings[event.index]])
  trace.entries.forEach((entry, i) => {
    beginnings[i] = entry.type === 'event' && entry.cause >= 0 ? (beginnings[entry.cause] ?? i) : i
    if (!isDelivery(entry)) return
    const others = alike.get(keyOf(entry))
    if (others === undefined) alike.set(keyOf(entry), [entry])
    else others.push(entry)
  })
  return (entry) => {
    const cause = causeOf(trace, entry, isShown)
    if (cause === undefined) return undefined
    const bySender = new Map<unknown, number>()
    for (const { index, attributes } of alike.get(keyOf(cause)) ?? [])
      if (index <= cause.index && !bySender.has(attributes[0])) bySender.set(attributes[0], index)
    const from = [...bySender].map(([p, index]) => `${p} #${index}`)
    return from.length < 2 ? undefined : `⇐ ${kindOf(cause)} from ${from.join(', ')}`
  }
}

/** The delivery that caused an event, if no shown entry lies between them. */
function causeOf(trace: Trace, entry: TraceEntry, isShown: (entry: TraceEntry) => boolean): AlgorithmEvent | undefined {
  if (isDelivery(entry)) return undefined
  for (let at: TraceEntry | undefined = entry; at?.type === 'event' && at.cause >= 0; ) {
    const cause: TraceEntry | undefined = trace.entries[at.cause]
    if (cause === undefined || cause.process !== entry.process) return undefined
    if (isDelivery(cause)) return cause
    if (isShown(cause)) return undefined
    at = cause
  }
  return undefined
}

/** The processes that a message never reached although they did not crash, or only after the entry `last`. No notes if the links are not recorded. */
export function arrivalsIn(trace: Trace, isShown: (entry: TraceEntry) => boolean, last: number): Note {
  if (!trace.entries.some((entry) => entry.type === 'event' && entry.module.endsWith('Links'))) return () => undefined
  const crashed = new Set(trace.entries.flatMap(({ type, process }) => (type === 'crash' ? [process] : [])))
  const reached = new Map<number, Map<ProcessId, number>>()
  const passedOn = new Set<number>()
  for (const entry of trace.entries) {
    if (isSending(entry)) {
      if (isShown(entry)) passedOn.add(entry.cause)
    } else if (entry.type === 'event' && entry.event === 'deliver')
      for (const index of sendingsOf(trace, entry)) reach(reached, index, entry)
  }
  return (entry) => {
    if (!isSending(entry) || passedOn.has(entry.index)) return undefined
    const to = entry.event === 'send' ? [entry.attributes[0] as ProcessId] : trace.processes.map(({ id }) => id)
    const at = (p: ProcessId) => reached.get(entry.index)?.get(p)
    const others = to.filter((p) => p !== entry.process)
    const never = others.filter((p) => at(p) === undefined && !crashed.has(p))
    const later = others.filter((p) => (at(p) ?? -1) > last)
    const notes = [
      never.length > 0 ? `never reaches ${never.join(', ')}` : '',
      later.length > 0 ? `reaches ${later.join(', ')} only later` : '',
    ]
    return notes.filter((note) => note !== '').join('; ') || undefined
  }
}

/** The sendings, layer by layer, of a message that another process delivers. */
function sendingsOf(trace: Trace, delivery: AlgorithmEvent): number[] {
  const found: number[] = []
  for (let at: TraceEntry | undefined = delivery; at?.type === 'event' && at.cause >= 0; ) {
    at = trace.entries[at.cause]
    if (at === undefined || at.process === delivery.process) continue
    if (!isSending(at)) break
    found.push(at.index)
  }
  return found
}

function reach(reached: Map<number, Map<ProcessId, number>>, sending: number, { process, index }: AlgorithmEvent): void {
  const known = reached.get(sending) ?? new Map<ProcessId, number>()
  reached.set(sending, known)
  if (!known.has(process)) known.set(process, index)
}
