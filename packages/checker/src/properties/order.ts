import type { ProcessId } from '@upon/contract'
import { type AlgorithmEvent, shown } from '@upon/trace'
import type { Run } from '../run'
import type { Finding } from '../verdict'
import type { Message } from './traffic'

interface Step {
  readonly from: ProcessId
  readonly message: unknown
  /** Tells messages apart: the n-th delivery of what is alike is that of the n-th one. */
  readonly key: string
  readonly event: AlgorithmEvent
  /** All that happened to what is alike. */
  readonly of: Message
}

/** Broadcasts and deliveries, in the order of the trace; not what was delivered more often than it was broadcast. */
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

/** Of one sender, m2 is delivered by no correct process before an m1 broadcast earlier. */
export function fifoOrder(run: Run, messages: readonly Message[]): Finding {
  return pastFirst(
    messages,
    (own) => own,
    (p) => !run.crashes.has(p),
  )
}

/** Of what p sent to q, a correct q delivers nothing before what p sent to it earlier. Of what is alike, the n-th delivery is that of the n-th. */
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
    const why = `${to} delivered ${shown(of.message)} of ${of.from} without having delivered ${shown(before.sending.attributes[1])}, which ${of.from} had sent to it before`
    return { why, events: [before.sending, delivery] }
  }
  return undefined
}

/** No process delivers m before all that its sender had broadcast or delivered before, and what that depends on. */
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
      const what = `${shown(missing.message)} of ${missing.from}`
      const why = `${p} delivered ${shown(step.message)} of ${step.from} without having delivered ${what}, which comes before it`
      return { why, events: [missing.event, step.event] }
    }
    deliveredBy(p).set(step.key, step)
  }
  return undefined
}

/**
 * No two processes deliver two messages in different orders: correct ones for total order, all for uniform total order. Messages that are alike are judged only
 * where both processes delivered all of them: otherwise nothing tells which ones they delivered.
 */
export function totalOrder(run: Run, messages: readonly Message[], among: 'correct' | 'all'): Finding {
  const byProcess = new Map<ProcessId, Map<string, AlgorithmEvent>>()
  for (const { step, isDelivery } of steps(messages)) {
    const { event, key, of } = step
    const to = event.process
    const isTold = of.toAll.length < 2 || (of.delivered.get(to)?.length ?? 0) >= of.toAll.length
    if (!isDelivery || !isTold || (among === 'correct' && run.crashes.has(to))) continue
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

/** Messages that both delivered must come in one order. */
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
