import { check, type PropertyVerdict } from '@upon/checker'
import {
  abstraction,
  algorithm as declare,
  FAILED,
  type Module,
  many,
  NonBlockingAtomicCommit,
  type Outside,
  type Payload,
  type ProcessId,
  type Request,
  TotalOrderBroadcast,
  UniformTerminatingReliableBroadcast,
  UniformTotalOrderBroadcast,
  type Vote,
} from '@upon/contract'
import type { ClientOperation, Perform, Random, Run } from '@upon/simulator'
import { type AlgorithmEvent, shown } from '@upon/trace'
import { type Asking, choice, hasRequested, offer, value } from '../offers'
import { broadcaster, messagesOf } from '../situations/broadcast'
import { each, type ProcessUnderTest, run, type Suite, type Tested } from '../suite'
import { drawCounts, drawValues, type Value } from '../values'
import { uniformReliableBroadcast } from './broadcast'

/** One or two messages of some processes, in some runs many, at about the same time, so that they arrive in different orders. */
function concurrent(random: Random, processes: readonly ProcessId[]): ClientOperation<Value>[] {
  const pauseUs = random.pick([0, 1_000, 10_000])
  const value = drawValues(random)
  const counts = drawCounts(random, processes.length, [0, 2])
  let message = 0
  return processes.flatMap((process, i) =>
    Array.from({ length: counts[i] ?? 0 }, () => {
      const operation = value(message++)
      return { process, afterMs: random.below(pauseUs + 1) / 1000, operation }
    }),
  )
}

const order = {
  start: broadcaster,
  operations: concurrent,
  few: (processes: readonly ProcessId[]) => each(processes, (i) => i + 1, 2),
  offers: (asking: Asking<Value>) => [offer('broadcast', [value('m', asking)], (m: Value) => m)],
  describe: (m: Value) => `broadcast ${shown(m)}`,
} as const

/** A process delivered a message that another one broadcast later before its own: the order of delivery is not that of the broadcasts. */
function aLaterOneCameFirst(run: Run): boolean {
  const events = run.trace.entries.filter((entry): entry is AlgorithmEvent => entry.type === 'event' && !entry.path.includes('.'))
  const broadcasts = new Map(
    events.flatMap(({ event, index, process, attributes: [m] }) => (event === 'broadcast' ? [[`${process} ${m}`, index]] : [])),
  )
  return messagesOf(run).some(({ from, deliveries }) => {
    const own = deliveries.find(({ process }) => process === from)
    const since = own === undefined ? undefined : broadcasts.get(`${from} ${own.attributes[1]}`)
    return events.some(
      ({ event, process, index, attributes: [s, m] }) =>
        event === 'deliver' &&
        process === from &&
        s !== from &&
        index < (own?.index ?? 0) &&
        (broadcasts.get(`${s} ${m}`) ?? 0) > (since ?? index),
    )
  })
}

const orders = { 'a message broadcast later was delivered first, also by the sender of the other one': aLaterOneCameFirst }

export const totalOrderBroadcast: Suite<TotalOrderBroadcast, Value> = {
  ...order,
  module: TotalOrderBroadcast,
  sometimes: orders,
}

export const uniformTotalOrderBroadcast: Suite<UniformTotalOrderBroadcast, Value> = {
  ...order,
  module: UniformTotalOrderBroadcast,
  sometimes: { ...orders, ...uniformReliableBroadcast.sometimes },
}

/** A process takes part in the broadcast of s, which broadcasts m. */
export interface TakingPart {
  readonly s: ProcessId
  readonly m: Value
}

interface TerminatingBroadcasts extends Module {
  readonly guarantees: { readonly terminatingBroadcasts: true }
  readonly takePart: Request<[s: ProcessId, m: this['payload']]>
}
const TerminatingBroadcasts = abstraction<TerminatingBroadcasts>({
  name: 'TerminatingBroadcasts',
  instance: 'broadcasts',
  requests: { takePart: ['s', 'm'] },
  indications: {},
  properties: {},
})

/** A broadcast of each sender, in which a process takes part from some moment on. */
const oneForEachSender = (utrb: Tested<UniformTerminatingReliableBroadcast>) =>
  declare(
    {
      name: 'one-for-each-sender',
      implements: { broadcasts: TerminatingBroadcasts },
      uses: { utrb: many(utrb.of<Payload>()) },
      assumes: utrb.assumes,
    },
    ({ broadcasts, utrb, self, upon }) => {
      upon(broadcasts.takePart, (s, m) => {
        utrb.create(s, { s })
        if (s === self) utrb.broadcast(s, m)
      })

      upon(utrb.deliver, () => {})
    },
  )

function participant(process: ProcessUnderTest, algorithm: Tested<UniformTerminatingReliableBroadcast>): Perform<TakingPart> {
  const { takePart } = process.run(oneForEachSender(algorithm).of<Value>() as never) as unknown as {
    takePart: (s: ProcessId, m: Value) => void
  }
  return ({ s, m }, done) => {
    takePart(s, m)
    done()
  }
}

/** One or two broadcasts, of any senders. Each process takes part from a moment of its own, some long after the sender has crashed. */
function takingPart(random: Random, processes: readonly ProcessId[]): ClientOperation<TakingPart>[] {
  const senders = random.shuffle(processes).slice(0, random.pick([1, 1, 2]))
  const apartUs = random.pick([0, 5_000, 500_000])
  const value = drawValues(random)
  return senders.flatMap((s, i) =>
    processes.map((process) => ({ process, afterMs: random.below(apartUs + 1) / 1000, operation: { s, m: value(i) } })),
  )
}

/** A process takes part once in the broadcast of each sender; what that broadcasts is what was said before. */
function takePart(asking: Asking<TakingPart>) {
  const { process, processes, before } = asking
  const senders = processes.filter((s) => !before.some((requested) => requested.process === process && requested.operation.s === s))
  if (senders.length === 0) return []
  const messageOf = (s: ProcessId, m: Value) => before.find(({ operation }) => operation.s === s)?.operation.m ?? m
  return [
    offer('broadcast', [choice('s', senders), value('m', asking)], (s: ProcessId, m: Value): TakingPart => ({ s, m: messageOf(s, m) })),
  ]
}

/** Which processes take part in each broadcast, by path. */
function participants({ entries }: Run['trace']): Map<string, Set<ProcessId>> {
  const found = new Map<string, Set<ProcessId>>()
  for (const entry of entries) {
    if (entry.type !== 'event' || entry.event !== 'takePart') continue
    const path = `${entry.path}.utrb[${entry.attributes[0]}]`
    found.set(path, (found.get(path) ?? new Set()).add(entry.process))
  }
  return found
}

/** The verdicts on each broadcast; those on liveness only if all correct processes take part. */
function judge(trace: Run['trace']): PropertyVerdict[] {
  const crashed = new Set(trace.entries.flatMap(({ type, process }) => (type === 'crash' ? [process] : [])))
  return [...participants(trace)].flatMap(([path, those]) => {
    const isComplete = trace.processes.every(({ id }) => those.has(id) || crashed.has(id))
    return check(isComplete ? trace : { ...trace, end: 'cut' }, UniformTerminatingReliableBroadcast, { path })
  })
}

const deliveriesIn = ({ trace }: Run) =>
  trace.entries.filter((entry): entry is AlgorithmEvent => entry.type === 'event' && entry.event === 'deliver' && entry.path.endsWith(']'))

export const uniformTerminatingReliableBroadcast: Suite<UniformTerminatingReliableBroadcast, TakingPart> = {
  module: UniformTerminatingReliableBroadcast,
  start: participant,
  operations: takingPart,
  few: (processes) => each(processes, () => ({ s: processes[0] ?? '', m: 1 })),
  offers: takePart,
  describe: ({ s, m }) => `take part in the broadcast of ${s}, which broadcasts ${shown(m)}`,
  judge,
  record: ['UniformTerminatingReliableBroadcast', 'TerminatingBroadcasts'],
  sometimes: {
    'it was delivered that a sender had failed': (run) => deliveriesIn(run).some(({ attributes: [, m] }) => m === FAILED),
    'the message of a sender was delivered that had crashed': (run) => {
      const crashed = new Set(run.trace.entries.flatMap(({ type, process }) => (type === 'crash' ? [process] : [])))
      return deliveriesIn(run).some(({ attributes: [s, m] }) => m !== FAILED && crashed.has(s as ProcessId))
    },
    'a process took part only after the sender had crashed': ({ trace: { entries } }) =>
      entries.some(
        (crash) =>
          crash.type === 'crash' &&
          entries.some(
            (entry) =>
              entry.type === 'event' && entry.event === 'takePart' && entry.index > crash.index && entry.attributes[0] === crash.process,
          ),
      ),
  },
}

function voter(process: ProcessUnderTest, algorithm: Tested<NonBlockingAtomicCommit>): Perform<Vote> {
  const nbac: Outside<NonBlockingAtomicCommit, unknown> = run(process, algorithm)
  let decided = () => {}
  process.upon(nbac.decide, () => decided())
  return (vote, done) => {
    decided = done
    nbac.propose(vote)
  }
}

/** Every process votes at some moment of the first 20 ms: in most runs all COMMIT, in the others some ABORT. */
function votes(random: Random, processes: readonly ProcessId[]): ClientOperation<Vote>[] {
  const spreadUs = random.pick([0, 2_000, 20_000])
  const abortPercent = random.pick([0, 0, 10, 50])
  return processes.map((process) => {
    const operation: Vote = random.chance(abortPercent) ? 'ABORT' : 'COMMIT'
    return { process, afterMs: random.below(spreadUs + 1) / 1000, operation }
  })
}

const applicationEvents = ({ trace }: Run, event: string) =>
  trace.entries.filter((entry): entry is AlgorithmEvent => entry.type === 'event' && entry.event === event && !entry.path.includes('.'))
const decided = (run: Run, v: Vote) => applicationEvents(run, 'decide').some(({ attributes }) => attributes[0] === v)
const crashesIn = ({ trace }: Run) => trace.entries.filter(({ type }) => type === 'crash')

export const nonBlockingAtomicCommit: Suite<NonBlockingAtomicCommit, Vote> = {
  module: NonBlockingAtomicCommit,
  start: voter,
  operations: votes,
  few: (processes) => each(processes, () => 'COMMIT'),
  offers: (asking) => (hasRequested(asking) ? [] : [offer('propose', [choice('v', ['COMMIT', 'ABORT'])], (v: Vote) => v)]),
  describe: (vote) => `propose ${vote}`,
  sometimes: {
    'all voted for COMMIT, and ABORT was decided, for one had crashed': (run) =>
      decided(run, 'ABORT') && applicationEvents(run, 'propose').every(({ attributes }) => attributes[0] === 'COMMIT'),
    'COMMIT was decided though a process had crashed': (run) => decided(run, 'COMMIT') && crashesIn(run).length > 0,
    'a process decided before it had voted': (run) =>
      applicationEvents(run, 'decide').some(
        ({ process, index }) => !applicationEvents(run, 'propose').some((vote) => vote.process === process && vote.index < index),
      ),
  },
}
