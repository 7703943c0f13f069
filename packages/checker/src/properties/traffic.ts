import type { ProcessId } from '@upon/contract'
import { eventsOf, type Run } from '../run'
import type { AlgorithmEvent } from '../trace'
import { canonical, shown } from '../values'
import type { Finding } from '../verdict'

/** A message on its way: from whom, and to whom if not to all. */
interface Message {
  readonly event: AlgorithmEvent
  readonly from: ProcessId
  readonly to: ProcessId | undefined
  readonly message: unknown
  /** Equal for messages of one sender that are equal as data, whoever they are to. */
  readonly key: string
}

/** What was sent, and what was delivered (`to` is where), each in order. */
export interface Traffic {
  readonly sent: readonly Message[]
  readonly delivered: readonly (Message & { readonly to: ProcessId })[]
}

/** ⟨Send | q, m⟩ and ⟨Deliver | p, m⟩. */
export const linkTraffic = (run: Run, path: string): Traffic => ({
  sent: eventsOf(run, path, 'send').map((event) => message(event, event.process, event.attributes[0] as ProcessId, event.attributes[1])),
  delivered: deliveries(run, path),
})

/** ⟨Broadcast | m⟩ and ⟨Deliver | p, m⟩. */
export const broadcastTraffic = (run: Run, path: string): Traffic => ({
  sent: eventsOf(run, path, 'broadcast').map((event) => message(event, event.process, undefined, event.attributes[0])),
  delivered: deliveries(run, path),
})

const deliveries = (run: Run, path: string): Traffic['delivered'] =>
  eventsOf(run, path, 'deliver').map((event) => ({
    ...message(event, event.attributes[0] as ProcessId, event.process, event.attributes[1]),
    to: event.process,
  }))

const message = (event: AlgorithmEvent, from: ProcessId, to: ProcessId | undefined, m: unknown): Message => ({
  event,
  from,
  to,
  message: m,
  key: `${from} ${canonical(m)}`,
})

const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`)

/** Appends to the list of a key. */
function note<T>(lists: Map<string, T[]>, key: string, item: T): T[] {
  const list = lists.get(key)
  if (list) {
    list.push(item)
    return list
  }
  const made = [item]
  lists.set(key, made)
  return made
}

/** Sendings by what they are of and to whom; those to all are noted once, without a receiver. */
function sendings({ sent }: Traffic): Map<string, Message[]> {
  const lists = new Map<string, Message[]>()
  for (const m of sent) note(lists, m.to === undefined ? m.key : `${m.to} ${m.key}`, m)
  return lists
}

const sentTo = (lists: ReadonlyMap<string, Message[]>, to: ProcessId, key: string): readonly Message[] =>
  lists.get(`${to} ${key}`) ?? lists.get(key) ?? []

/** Whatever is delivered with sender p was sent by p before. */
export function noCreation(traffic: Traffic): Finding {
  const sent = sendings(traffic)
  for (const { event, from, to, message, key } of traffic.delivered) {
    const before = sentTo(sent, to, key)[0]
    if (before !== undefined && before.event.index < event.index) continue
    const why = `${to} delivered ${shown(message)} from ${from}, which ${from} had not sent`
    return { why: before ? `${why} until later` : why, events: before ? [event, before.event] : [event] }
  }
  return undefined
}

/** Nothing is delivered more often than it was sent until then. What was never sent is another property's business. */
export function noDuplication(traffic: Traffic): Finding {
  const sent = sendings(traffic)
  const delivered = new Map<string, AlgorithmEvent[]>()
  for (const { event, from, to, message, key } of traffic.delivered) {
    const copies = note(delivered, `${to} ${key}`, event)
    if (copies.length === 1) continue
    const before = sentTo(sent, to, key).filter((m) => m.event.index < event.index)
    if (before.length === 0 || copies.length <= before.length) continue
    const why = `${to} delivered ${shown(message)} from ${from} ${times(copies.length)}, though it was sent ${times(before.length)}`
    return { why, events: [...before.map((m) => m.event), ...copies] }
  }
  return undefined
}

/** What correct processes sent is delivered: by `self` alone, or by all correct ones that it was for. */
export function validity(run: Run, traffic: Traffic, by: 'self' | 'all'): Finding {
  const delivered = countDeliveries(traffic)
  const correct = new Set(run.correct)
  for (const list of sendings(traffic).values()) {
    const { from, to, message, key } = list[0]!
    if (!correct.has(from)) continue
    const receivers = by === 'self' ? [from] : to === undefined ? run.correct : correct.has(to) ? [to] : []
    for (const q of receivers) {
      const count = delivered.get(`${q} ${key}`) ?? 0
      if (count >= list.length) continue
      const often = count === 0 ? 'never delivered it' : `delivered it only ${times(count)}`
      const toWhom = to === undefined ? '' : ` to ${to}`
      const why = `${from} sent ${shown(message)}${toWhom} ${times(list.length)}, both are correct, but ${q} ${often}`
      return { why: from === q ? why.replace('both are correct', 'it is correct') : why, events: list.map((m) => m.event) }
    }
  }
  return undefined
}

function countDeliveries({ delivered }: Traffic): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { to, key } of delivered) counts.set(`${to} ${key}`, (counts.get(`${to} ${key}`) ?? 0) + 1)
  return counts
}

/** What one of `among` delivered, every correct process delivers: correct ones for agreement, all for uniform agreement. */
export function agreement(run: Run, traffic: Traffic, among: 'correct' | 'all'): Finding {
  const delivered = countDeliveries(traffic)
  for (const { event, from, to, message, key } of traffic.delivered) {
    if (among === 'correct' && run.crashes.has(to)) continue
    const count = delivered.get(`${to} ${key}`) ?? 0
    const without = run.correct.find((q) => (delivered.get(`${q} ${key}`) ?? 0) < count)
    if (without === undefined) continue
    const crashed = run.crashes.get(to)
    const why = `${to} delivered ${shown(message)} from ${from}${crashed ? ' before it crashed' : ''}, but ${without}, which is correct, did not`
    return { why, events: crashed ? [event, crashed] : [event] }
  }
  return undefined
}
