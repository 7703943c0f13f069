import type { ProcessId } from '@upon/contract'
import { type AlgorithmEvent, canonical, shown } from '@upon/trace'
import { eventsOf, type Run } from '../run'
import { type Finding, liveness, safety } from '../verdict'
import { agreement, integrity, undecided, validity } from './consensus'

const CUT = 'the run was cut off: what is missing could still happen'

/** A property of two parts: something never happens, and something happens eventually. */
const both = (name: string, never: (run: Run, path: string) => Finding, finally_: (run: Run, path: string) => Finding) =>
  safety(name, (run, path) => never(run, path) ?? (run.isQuiescent ? finally_(run, path) : { unknown: CUT }))

/** The sender of a terminating broadcast: its index in a family with an instance per sender; otherwise the process that broadcast, or the sender that a delivery names. */
function senderOf(run: Run, path: string): ProcessId | undefined {
  const [, index] = /\[([^[\]]*)\]$/.exec(path) ?? []
  if (index !== undefined && run.processes.includes(index)) return index
  const [broadcast] = eventsOf(run, path, 'broadcast')
  const [delivery] = eventsOf(run, path, 'deliver')
  return broadcast?.process ?? (delivery?.attributes[0] as ProcessId | undefined)
}

const deliveredBy = (deliveries: readonly AlgorithmEvent[], p: ProcessId) => deliveries.filter(({ process }) => process === p)
const what = ({ attributes }: AlgorithmEvent) => canonical(attributes[1])
const sent = ({ attributes }: AlgorithmEvent) => canonical({ m: attributes[0] })

export const UTRB1 = liveness('UTRB1', (run, path) => {
  const own = eventsOf(run, path, 'deliver')
  for (const broadcast of eventsOf(run, path, 'broadcast')) {
    const p = broadcast.process
    if (run.crashes.has(p) || p !== senderOf(run, path)) continue
    const deliveries = deliveredBy(own, p)
    if (deliveries.some((delivery) => what(delivery) === sent(broadcast))) continue
    return {
      why: `${p}, which is correct, broadcast ${shown(broadcast.attributes[0])} but never delivered it`,
      events: [broadcast, ...deliveries],
    }
  }
  return undefined
})

function deliveredTwice(run: Run, path: string): Finding {
  const first = new Map<ProcessId, AlgorithmEvent>()
  for (const event of eventsOf(run, path, 'deliver')) {
    const before = first.get(event.process)
    if (before !== undefined) return { why: `${event.process} delivered twice`, events: [before, event] }
    first.set(event.process, event)
  }
  return undefined
}

function deliveredNothing(run: Run, path: string): Finding {
  const s = senderOf(run, path)
  const deliveries = eventsOf(run, path, 'deliver')
  const without = run.correct.find((p) => deliveredBy(deliveries, p).length === 0)
  if (without === undefined) return undefined
  const broadcasts = eventsOf(run, path, 'broadcast').filter(({ process }) => process === s)
  const crash = s === undefined ? undefined : run.crashes.get(s)
  const events = [...broadcasts, ...(crash === undefined ? [] : [crash])]
  if (events.length > 0) return { why: `${without}, which is correct, never delivered anything from ${s}`, events }
  return { unknown: `${s ?? 'the sender'} has neither broadcast nor crashed; termination assumes that it does one of them` }
}

export const UTRB2 = both('UTRB2', deliveredTwice, deliveredNothing)

export const UTRB3 = safety('UTRB3', (run, path) => {
  const s = senderOf(run, path)
  const broadcasts = eventsOf(run, path, 'broadcast').filter(({ process }) => process === s)
  for (const event of eventsOf(run, path, 'deliver')) {
    const [from, m] = event.attributes
    const isSent = broadcasts.some((broadcast) => broadcast.index < event.index && sent(broadcast) === what(event))
    if (from === s && (m === 'FAILED' || isSent)) continue
    return { why: `${event.process} delivered ${shown(m)} from ${shown(from)}, but ${s} had not broadcast it`, events: [event] }
  }
  return undefined
})

function deliveredOther(run: Run, path: string): Finding {
  const [first, ...others] = eventsOf(run, path, 'deliver')
  const other = others.find((event) => event.process !== first?.process && first !== undefined && what(event) !== what(first))
  if (first === undefined || other === undefined) return undefined
  const [a, b] = [first, other].map(({ process, attributes }) => `${process} delivered ${shown(attributes[1])}`)
  return { why: `${a}, but ${b}`, events: [first, other] }
}

function missed(run: Run, path: string): Finding {
  const deliveries = eventsOf(run, path, 'deliver')
  const [first] = deliveries
  const without = run.correct.find((p) => deliveredBy(deliveries, p).length === 0)
  if (first === undefined || without === undefined) return undefined
  return {
    why: `${first.process} delivered ${shown(first.attributes[1])}, but ${without}, which is correct, delivered nothing`,
    events: [first],
  }
}

export const UTRB4 = both('UTRB4', deliveredOther, missed)

/** A decision that took more than one communication step although all proposed the same value. A process that learns an earlier decision may take longer. */
function slow(run: Run, path: string): Finding {
  const proposals = eventsOf(run, path, 'propose')
  const hasProposed = new Set(proposals.map(({ process }) => process))
  const values = new Set(proposals.map(({ attributes }) => canonical(attributes[0])))
  if (values.size !== 1 || run.processes.some((p) => !hasProposed.has(p))) return undefined
  const decisions = eventsOf(run, path, 'decide')
  for (const decision of decisions) {
    const chain = chainOf(run, decision)
    const steps = chain.filter((event, i) => i > 0 && event.process !== chain[i - 1]?.process).length
    const isLearned = chain.some((at) => decisions.some((own) => own !== decision && own.process === at.process && own.index <= at.index))
    if (steps <= 1 || isLearned) continue
    return { why: `${decision.process} decided after ${steps} communication steps, though all had proposed the same`, events: chain }
  }
  return undefined
}

/** The chain of causes of an event, from the event backwards, as far as it was recorded. */
function chainOf({ trace }: Run, event: AlgorithmEvent): AlgorithmEvent[] {
  const chain = [event]
  for (let at = trace.entries[event.cause]; at?.type === 'event' && at.index < (chain.at(-1)?.index ?? 0); at = trace.entries[at.cause])
    chain.push(at)
  return chain
}

export const UFC1 = both('UFC1', slow, undecided)
export const UFC2 = validity('UFC2')
export const UFC3 = integrity('UFC3')
export const UFC4 = agreement('UFC4', (run, path) => eventsOf(run, path, 'decide'))

export const NBAC1 = liveness('NBAC1', undecided)

export const NBAC2 = safety('NBAC2', (run, path) => {
  const aborts = eventsOf(run, path, 'propose').filter(({ attributes }) => attributes[0] === 'ABORT')
  for (const event of eventsOf(run, path, 'decide')) {
    const isJustified = [...aborts, ...run.everyCrash].some(({ index }) => index < event.index)
    if (event.attributes[0] === 'ABORT' && !isJustified)
      return { why: `${event.process} decided ABORT, though no process had proposed ABORT or crashed by then`, events: [event] }
  }
  return undefined
})

export const NBAC3 = safety('NBAC3', (run, path) => {
  const abort = eventsOf(run, path, 'propose').find(({ attributes }) => attributes[0] === 'ABORT')
  const commit = eventsOf(run, path, 'decide').find(({ attributes }) => attributes[0] === 'COMMIT')
  if (abort === undefined || commit === undefined) return undefined
  return { why: `${commit.process} decided COMMIT, though ${abort.process} proposed ABORT`, events: [abort, commit] }
})

export const NBAC4 = integrity('NBAC4')
export const NBAC5 = agreement('NBAC5', (run, path) => eventsOf(run, path, 'decide'))
