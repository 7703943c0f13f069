import type { ProcessId } from '@upon/contract'
import { type AlgorithmEvent, shown } from '@upon/trace'
import type { Run } from '../run'
import type { Finding } from '../verdict'
import type { Message } from './traffic'

interface Step {
  readonly from: ProcessId
  readonly message: unknown
  /** Identifies the message: among equal contents, the n-th delivery belongs to the n-th broadcast. */
  readonly key: string
  readonly event: AlgorithmEvent
  /** All that happened to messages with equal contents. */
  readonly of: Message
}

/** Broadcasts and deliveries, in the order of the trace, without deliveries beyond the number of broadcasts. */
function steps(messages: readonly Message[]): { readonly step: Step; readonly isDelivery: boolean }[] {
  const all = messages.flatMap((of, i) => {
    const { from, message, toAll, delivered } = of
    const stepOf = (event: AlgorithmEvent, n: number): Step => ({ from, message, key: `${i} ${n}`, event, of })
    const known = Math.max(1, toAll.length)
    return [
      ...toAll.map((event, n) => ({ step: stepOf(event, n), isDelivery: false })),
      ...[...delivered.values()].flatMap((events) =>
        events.slice(0, known).map((event, n) => ({ step: stepOf(event, n), isDelivery: true })),
      ),
    ]
  })
  return all.sort((a, b) => a.step.event.index - b.step.event.index)
}

/** No correct process delivers m2 without having delivered an m1 that the same sender broadcast earlier. */
export function fifoOrder(run: Run, messages: readonly Message[]): Finding {
  return pastFirst(
    messages,
    (own) => own,
    (p) => !run.crashes.has(p),
  )
}

/** A correct q delivers what p sent to it in the order of sending. Among equal contents, the n-th delivery belongs to the n-th sending. */
export function linkOrder(run: Run, messages: readonly Message[]): Finding {
  const previous = new Map<string, { readonly sending: AlgorithmEvent; readonly delivery: AlgorithmEvent | undefined }>()
  const sendings = messages.flatMap((of) =>
    [...of.sentTo].flatMap(([to, events]) => events.map((sending, n) => ({ of, to, sending, delivery: of.delivered.get(to)?.[n] }))),
  )
  for (const { of, to, sending, delivery } of sendings.sort((a, b) => a.sending.index - b.sending.index)) {
    const link = JSON.stringify([of.from, to])
    const before = previous.get(link)
    previous.set(link, { sending, delivery })
    if (before === undefined || delivery === undefined || run.crashes.has(to)) continue
    if (before.delivery !== undefined && before.delivery.index < delivery.index) continue
    const why = `${to} delivered ${shown(of.message)} from ${of.from} without having delivered ${shown(before.sending.attributes[1])}, which ${of.from} had sent to it before`
    return { why, events: [before.sending, delivery] }
  }
  return undefined
}

/** No process delivers m before it has delivered all that the sender of m had broadcast or delivered before m, and so on transitively. */
export function causalOrder(messages: readonly Message[]): Finding {
  return pastFirst(
    messages,
    (own, delivered) => [...own, ...delivered],
    () => true,
  )
}

type Past = (own: readonly Step[], delivered: readonly Step[]) => readonly Step[]

function pastFirst(messages: readonly Message[], past: Past, isBound: (p: ProcessId) => boolean): Finding {
  const own = new Map<ProcessId, Step[]>()
  const delivered = new Map<ProcessId, Map<string, Step>>()
  const before = new Map<string, readonly Step[]>()
  const deliveredBy = (p: ProcessId): Map<string, Step> => {
    const known = delivered.get(p) ?? new Map<string, Step>()
    delivered.set(p, known)
    return known
  }
  for (const { step, isDelivery } of steps(messages)) {
    const p = step.event.process
    if (!isDelivery) {
      const mine = own.get(p) ?? []
      before.set(step.key, past(mine, [...deliveredBy(p).values()]))
      own.set(p, [...mine, step])
      continue
    }
    const missing = !isBound(p) ? undefined : (before.get(step.key) ?? []).find(({ key }) => key !== step.key && !deliveredBy(p).has(key))
    if (missing) {
      const what = `${shown(missing.message)} from ${missing.from}`
      const why = `${p} delivered ${shown(step.message)} from ${step.from} without having delivered ${what}, which precedes it`
      return { why, events: [missing.event, step.event] }
    }
    deliveredBy(p).set(step.key, step)
  }
  return undefined
}

/**
 * No two processes deliver two messages in different orders: correct processes for total order, all for uniform total order. Messages with equal contents are
 * judged only at processes that delivered all of them; otherwise it is not known which of them were delivered.
 */
export function totalOrder(run: Run, messages: readonly Message[], among: 'correct' | 'all'): Finding {
  const byProcess = new Map<ProcessId, Map<string, AlgorithmEvent>>()
  for (const { step, isDelivery } of steps(messages)) {
    const { event, key, of } = step
    const to = event.process
    const isKnown = of.toAll.length < 2 || (of.delivered.get(to)?.length ?? 0) >= of.toAll.length
    if (!isDelivery || !isKnown || (among === 'correct' && run.crashes.has(to))) continue
    const places = byProcess.get(to) ?? new Map<string, AlgorithmEvent>()
    places.set(key, event)
    byProcess.set(to, places)
  }
  const processes = [...byProcess]
  for (const [i, [p, placesOfP]] of processes.entries())
    for (const [q, placesOfQ] of processes.slice(i + 1)) {
      const found = inversion(p, placesOfP, q, placesOfQ)
      if (found) return found
    }
  return undefined
}

/** Two messages that both processes delivered, in different orders. */
function inversion(
  p: ProcessId,
  ofP: ReadonlyMap<string, AlgorithmEvent>,
  q: ProcessId,
  ofQ: ReadonlyMap<string, AlgorithmEvent>,
): Finding {
  let last: { event: AlgorithmEvent; atQ: AlgorithmEvent } | undefined
  for (const [key, event] of ofP) {
    const atQ = ofQ.get(key)
    if (atQ === undefined) continue
    if (last && atQ.index < last.atQ.index) {
      const [first, second] = [last.event, event].map(({ attributes }) => shown(attributes[1]))
      return { why: `${p} delivered ${first} before ${second}, but ${q} the other way round`, events: [last.event, event, last.atQ, atQ] }
    }
    last = { event, atQ }
  }
  return undefined
}
