import type { ProcessId } from '@upon/contract'
import type { Run } from '../run'
import type { AlgorithmEvent } from '../trace'
import { shown } from '../values'
import type { Finding } from '../verdict'
import type { Message } from './traffic'

interface Step {
  readonly from: ProcessId
  readonly message: unknown
  /** The place of the message among all. */
  readonly key: number
  readonly event: AlgorithmEvent
}

/** Broadcasts and deliveries, in the order of the trace. */
function steps(messages: readonly Message[]): { readonly step: Step; readonly isDelivery: boolean }[] {
  const all = messages.flatMap(({ from, message, toAll, delivered }, key) => [
    ...toAll.map((event) => ({ step: { from, message, key, event }, isDelivery: false })),
    ...[...delivered.values()].flat().map((event) => ({ step: { from, message, key, event }, isDelivery: true })),
  ])
  return all.sort((a, b) => a.step.event.index - b.step.event.index)
}

/** Of one sender, m2 is delivered by no process before an m1 broadcast earlier. Messages of a sender are told apart by value. */
export function fifoOrder(messages: readonly Message[]): Finding {
  return pastFirst(messages, (own) => own)
}

/** No process delivers m before all that its sender had broadcast or delivered before, and what that depends on. */
export function causalOrder(messages: readonly Message[]): Finding {
  return pastFirst(messages, (own, delivered) => [...own, ...delivered])
}

type Past = (own: readonly Step[], delivered: readonly Step[]) => readonly Step[]

function pastFirst(messages: readonly Message[], past: Past): Finding {
  const own = new Map<ProcessId, Step[]>()
  const delivered = new Map<ProcessId, Map<number, Step>>()
  const before = new Map<number, readonly Step[]>()
  const deliveredBy = (p: ProcessId): Map<number, Step> => {
    const known = delivered.get(p) ?? new Map<number, Step>()
    delivered.set(p, known)
    return known
  }
  for (const { step, isDelivery } of steps(messages)) {
    const p = step.event.process
    if (!isDelivery) {
      const mine = own.get(p) ?? []
      if (!before.has(step.key)) before.set(step.key, past(mine, [...deliveredBy(p).values()]))
      own.set(p, [...mine, step])
      continue
    }
    const missing = (before.get(step.key) ?? []).find(({ key }) => key !== step.key && !deliveredBy(p).has(key))
    if (missing) {
      const what = `${shown(missing.message)} of ${missing.from}`
      const why = `${p} delivered ${shown(step.message)} of ${step.from} without having delivered ${what}, which comes before it`
      return { why, events: [missing.event, step.event] }
    }
    deliveredBy(p).set(step.key, step)
  }
  return undefined
}

/** No two processes deliver two messages in different orders: correct ones for total order, all for uniform total order. */
export function totalOrder(run: Run, messages: readonly Message[], among: 'correct' | 'all'): Finding {
  const byProcess = new Map<ProcessId, Map<number, AlgorithmEvent>>()
  for (const { step, isDelivery } of steps(messages)) {
    const { event, key } = step
    const to = event.process
    if (!isDelivery || (among === 'correct' && run.crashes.has(to))) continue
    const places = byProcess.get(to) ?? new Map<number, AlgorithmEvent>()
    if (!places.has(key)) places.set(key, event)
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
  ofP: ReadonlyMap<number, AlgorithmEvent>,
  q: ProcessId,
  ofQ: ReadonlyMap<number, AlgorithmEvent>,
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
