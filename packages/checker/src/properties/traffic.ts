import type { ProcessId } from '@upon/contract'
import { type AlgorithmEvent, canonical, shown } from '@upon/trace'
import { Latest } from '../latest'
import type { Run } from '../run'
import type { Finding } from '../verdict'

/** All that happened to one message of one sender. Messages with equal contents are one. Lists are in order. */
export interface Message {
  readonly from: ProcessId
  readonly message: unknown
  /** The broadcasts of it, to all processes. */
  readonly toAll: AlgorithmEvent[]
  /** The sendings of it, by receiver. */
  readonly sentTo: Map<ProcessId, AlgorithmEvent[]>
  /** The deliveries of it, by receiver. */
  readonly delivered: Map<ProcessId, AlgorithmEvent[]>
}

const known = new Latest<Run, Map<string, readonly Message[]>>()

/** The messages of an instance, from its ⟨Send | q, m⟩ or ⟨Broadcast | m⟩, and ⟨Deliver | p, m⟩; in the order of their first event. */
export function messagesOf(run: Run, path: string): readonly Message[] {
  let ofRun = known.get(run)
  if (ofRun === undefined) {
    ofRun = new Map()
    known.set(run, ofRun)
  }
  let messages = ofRun.get(path)
  if (messages === undefined) {
    messages = collect(run.instances.get(path) ?? [])
    ofRun.set(path, messages)
  }
  return messages
}

function collect(events: readonly AlgorithmEvent[]): readonly Message[] {
  const messages: Message[] = []
  const bySender = new Map<ProcessId, Map<string, Message>>()
  const of = (from: ProcessId, message: unknown): Message => {
    let own = bySender.get(from)
    if (own === undefined) {
      own = new Map()
      bySender.set(from, own)
    }
    const text = canonical(message)
    let found = own.get(text)
    if (found === undefined) {
      found = { from, message, toAll: [], sentTo: new Map(), delivered: new Map() }
      own.set(text, found)
      messages.push(found)
    }
    return found
  }
  for (const event of events) {
    const [first, second] = event.attributes
    if (event.event === 'broadcast') of(event.process, first).toAll.push(event)
    else if (event.event === 'send') note(of(event.process, second).sentTo, first as ProcessId, event)
    else if (event.event === 'deliver') note(of(first as ProcessId, second).delivered, event.process, event)
  }
  return messages
}

function note(lists: Map<ProcessId, AlgorithmEvent[]>, p: ProcessId, event: AlgorithmEvent): void {
  const list = lists.get(p)
  if (list) list.push(event)
  else lists.set(p, [event])
}

export const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`)

/** The sendings of a message to `to`. */
const sendings = ({ sentTo, toAll }: Message, to: ProcessId): readonly AlgorithmEvent[] => sentTo.get(to) ?? toAll

const countAt = ({ delivered }: Message, p: ProcessId): number => delivered.get(p)?.length ?? 0

const isBefore = (sending: AlgorithmEvent | undefined, event: AlgorithmEvent): boolean =>
  sending !== undefined && sending.index < event.index

/** A message delivered with sender p was sent by p before. */
export function noCreation(messages: readonly Message[]): Finding {
  for (const m of messages)
    for (const [to, [event]] of m.delivered) {
      const [before] = sendings(m, to)
      if (before !== undefined && before.index < event!.index) continue
      const why = `${to} delivered ${shown(m.message)} from ${m.from}, but ${m.from} ${before ? 'sent it only later' : 'never sent it'}`
      return { why, events: before ? [event!, before] : [event!] }
    }
  return undefined
}

/**
 * No message is delivered more often than it was sent before. The first delivery of a message that was never sent is
 * allowed here: it violates another property.
 */
export function noDuplication(messages: readonly Message[]): Finding {
  for (const m of messages)
    for (const [to, copies] of m.delivered) {
      const sent = sendings(m, to)
      const extra = copies.find((event, i) => i > 0 && !isBefore(sent[i], event))
      if (extra === undefined) continue
      const until = copies.slice(0, copies.indexOf(extra) + 1)
      const before = sent.filter(({ index }) => index < extra.index)
      const often = before.length === 0 ? 'never sent' : `sent ${times(before.length)}`
      const why = `${to} delivered ${shown(m.message)} from ${m.from} ${times(until.length)}, though it was ${often}${sent.length > before.length ? ' by then' : ''}`
      return { why, events: [...before, ...until] }
    }
  return undefined
}

/** What correct processes sent is delivered: by the sender itself (`self`), or by all correct receivers. */
export function validity(run: Run, messages: readonly Message[], by: 'self' | 'all'): Finding {
  for (const m of messages) {
    if (run.crashes.has(m.from)) continue
    for (const q of by === 'self' ? [m.from] : run.correct) {
      const sent = sendings(m, q)
      const count = countAt(m, q)
      if (count >= sent.length) continue
      const often = count === 0 ? 'never delivered it' : `delivered it only ${times(count)}`
      const receiver = m.sentTo.has(q) ? ` to ${q}` : ''
      const who = m.from === q ? 'it is correct' : 'both are correct'
      return { why: `${m.from} sent ${shown(m.message)}${receiver} ${times(sent.length)}, ${who}, but ${q} ${often}`, events: sent }
    }
  }
  return undefined
}

/**
 * What a process of `among` delivers, every correct process delivers: correct processes for agreement, all for uniform agreement. Equal contents that were
 * broadcast several times are that many messages; further deliveries repeat one of them.
 */
export function agreement(run: Run, messages: readonly Message[], among: 'correct' | 'all'): Finding {
  for (const m of messages)
    for (const [p, events] of m.delivered) {
      const crash = run.crashes.get(p)
      if (among === 'correct' && crash) continue
      const different = Math.min(events.length, Math.max(1, m.toAll.length))
      const without = run.correct.find((q) => countAt(m, q) < different)
      if (without === undefined) continue
      const count = countAt(m, without)
      const often = count === 0 ? 'did not' : `delivered it only ${times(count)}`
      const what = `${shown(m.message)} from ${m.from}${different > 1 ? ` ${times(different)}` : ''}`
      const why = `${p} delivered ${what}${crash ? ' before it crashed' : ''}, but ${without}, which is correct, ${often}`
      return { why, events: crash ? [events[0]!, crash] : [events[0]!] }
    }
  return undefined
}
