import { firstLeader, type ProcessId } from '@upon/contract'
import { type AlgorithmEvent, canonical, shown } from '@upon/trace'
import { eventsOf, type Run } from '../run'
import { type Finding, liveness, safety } from '../verdict'
import { decidedTwice, differing, madeUp } from './decisions'

const epochText = (event: AlgorithmEvent): string => `(${event.attributes[0]}, ${event.attributes[1]})`
const isCorrect = (run: Run) => (event: AlgorithmEvent) => !run.crashes.has(event.process)
const startsOf = (run: Run, path: string): AlgorithmEvent[] => eventsOf(run, path, 'startEpoch').filter(isCorrect(run))

/** Monotonicity. */
export const EC1 = safety('EC1', (run, path): Finding => {
  const last = new Map<ProcessId, AlgorithmEvent>()
  for (const event of startsOf(run, path)) {
    const before = last.get(event.process)
    if (before && (event.attributes[0] as number) <= (before.attributes[0] as number))
      return { why: `${event.process} started epoch ${epochText(event)} after ${epochText(before)}`, events: [before, event] }
    last.set(event.process, event)
  }
  return undefined
})

/** Consistency. */
export const EC2 = safety('EC2', (run, path): Finding => {
  const byTimestamp = new Map<unknown, AlgorithmEvent>()
  for (const event of startsOf(run, path)) {
    const other = byTimestamp.get(event.attributes[0]) ?? event
    byTimestamp.set(event.attributes[0], other)
    if (other.attributes[1] !== event.attributes[1])
      return { why: `${other.process} started epoch ${epochText(other)}, but ${event.process} ${epochText(event)}`, events: [other, event] }
  }
  return undefined
})

/** Eventual leadership. A process that started no epoch is in epoch 0, whose leader is the process of the highest rank. */
export const EC3 = liveness('EC3', (run, path): Finding => {
  const last = new Map(startsOf(run, path).map((event) => [event.process, event]))
  const epochs = run.correct.map((p) => {
    const event = last.get(p)
    return { p, event, ts: event ? event.attributes[0] : 0, l: event ? (event.attributes[1] as ProcessId) : firstLeader(run.processes) }
  })
  const [first] = epochs
  if (first === undefined) return undefined
  const other = epochs.find(({ ts, l }) => ts !== first.ts || l !== first.l)
  const events = [first.event, other?.event].filter((event) => event !== undefined)
  if (other)
    return { why: `the last epoch of ${first.p} is (${first.ts}, ${first.l}), but that of ${other.p} is (${other.ts}, ${other.l})`, events }
  if (run.correct.includes(first.l)) return undefined
  const crash = run.crashes.get(first.l)
  const what = crash ? 'has crashed' : 'is not a process'
  return { why: `the last epoch is (${first.ts}, ${first.l}), but its leader ${what}`, events: crash ? [...events, crash] : events }
})

/** An instance of epoch consensus: `ep[ts]`, a member of the family `ep`. */
interface Epoch {
  readonly family: string
  readonly ts: number
}

function epochOf(path: string): Epoch | undefined {
  const [, family, ts] = /^(.*)\[(-?\d+)\]$/.exec(path) ?? []
  return family === undefined ? undefined : { family, ts: Number(ts) }
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('.')))

/** The leader of an epoch, as the epoch change beside it announced it at any process; for epoch 0, the process of the highest rank. */
function leaderOf(run: Run, { family, ts }: Epoch): ProcessId | undefined {
  for (const [path, events] of run.instances) {
    if (events[0]?.module !== 'EpochChange' || parentOf(path) !== parentOf(family)) continue
    const start = events.find((event) => event.event === 'startEpoch' && event.attributes[0] === ts)
    if (start) return start.attributes[1] as ProcessId
  }
  return ts === 0 ? firstLeader(run.processes) : undefined
}

/** The epochs of the family up to `epoch`, and their events with a given name. */
function upTo(run: Run, epoch: Epoch, name: string): { epoch: Epoch; events: AlgorithmEvent[] }[] {
  return [...run.instances.keys()].flatMap((path) => {
    const other = epochOf(path)
    return other?.family === epoch.family && other.ts <= epoch.ts ? [{ epoch: other, events: eventsOf(run, path, name) }] : []
  })
}

/** Validity, for the decisions of correct processes. If the leader of an epoch is not known, every proposal in it counts. */
export const EP1 = safety('EP1', (run, path): Finding => {
  const epoch = epochOf(path)
  const here = [{ epoch: epoch ?? { family: path, ts: 0 }, events: eventsOf(run, path, 'propose') }]
  const proposals = (epoch ? upTo(run, epoch, 'propose') : here).flatMap(({ epoch: of, events }) => {
    const leader = epoch && leaderOf(run, of)
    return events.filter(({ process }) => leader === undefined || process === leader)
  })
  return madeUp(eventsOf(run, path, 'decide').filter(isCorrect(run)), proposals, 'no leader of this or an earlier epoch')
})

/** Uniform agreement. */
export const EP2 = safety('EP2', (run, path) => differing(eventsOf(run, path, 'decide')))

/** Integrity. */
export const EP3 = safety('EP3', (run, path) => decidedTwice(eventsOf(run, path, 'decide').filter(isCorrect(run))))

/** Lock-in. */
export const EP4 = safety('EP4', (run, path): Finding => {
  const epoch = epochOf(path)
  if (epoch === undefined) return { unknown: `the path ${path} does not contain the timestamp of the epoch; expected ep[ts]` }
  const decisions = eventsOf(run, path, 'decide').filter(isCorrect(run))
  for (const { epoch: earlier, events } of upTo(run, { ...epoch, ts: epoch.ts - 1 }, 'decide'))
    for (const locked of events.filter(isCorrect(run))) {
      const other = decisions.find(({ attributes }) => canonical(attributes[0]) !== canonical(locked.attributes[0]))
      if (other === undefined) continue
      const before = `${locked.process} had decided ${shown(locked.attributes[0])} in epoch ${earlier.ts}`
      return {
        why: `${other.process} decided ${shown(other.attributes[0])} in epoch ${epoch.ts}, though ${before}`,
        events: [locked, other],
      }
    }
  return undefined
})

/** Termination. */
export const EP5 = liveness('EP5', (run, path): Finding => {
  const epoch = epochOf(path)
  const proposals = eventsOf(run, path, 'propose')
  const leader = (epoch && leaderOf(run, epoch)) ?? proposals[0]?.process
  const proposal = proposals.find(({ process }) => process === leader)
  if (proposal === undefined || run.crashes.has(proposal.process) || eventsOf(run, path, 'abort').some(isCorrect(run))) return undefined
  const decided = new Set(eventsOf(run, path, 'decide').map(({ process }) => process))
  const without = run.correct.find((p) => !decided.has(p))
  if (without === undefined) return undefined
  const why = `${leader} is correct and proposed ${shown(proposal.attributes[0])}, no correct process aborted, but ${without} never decided`
  return { why, events: [proposal] }
})

/**
 * Abort behavior: a correct process with a request to abort eventually has one Aborted indication, however many requests it had; and a correct process
 * has it only after a request to abort at some correct process.
 */
export const EP6 = safety('EP6', (run, path): Finding => {
  const events = (run.instances.get(path) ?? []).filter(isCorrect(run))
  const request = events.find(({ event }) => event === 'abort')
  const early = events.find((event) => event.event === 'aborted' && (request === undefined || request.index > event.index))
  if (early) {
    const by = request === undefined ? '' : ' by then'
    const why = `${early.process} aborted, though no correct process had requested an abort${by}`
    return { why, events: request ? [early, request] : [early] }
  }
  const completed = new Set(events.filter(({ event }) => event === 'aborted').map(({ process }) => process))
  const open = events.find(({ event, process }) => event === 'abort' && !completed.has(process))
  if (open === undefined) return undefined
  if (!run.isQuiescent) return { unknown: `the trace was cut off before ${open.process} completed its abort` }
  return { why: `${open.process}, which is correct, requested an abort that never completed`, events: [open] }
})
