import {
  AllAckUniformReliableBroadcast,
  BasicBroadcast,
  BroadcastWithSequenceNumber,
  EagerProbabilisticBroadcast,
  EagerReliableBroadcast,
  GarbageCollectionOfCausalPast,
  GarbageCollectionOfUniformCausalPast,
  LazyProbabilisticBroadcast,
  LazyReliableBroadcast,
  MajorityAckUniformReliableBroadcast,
  NoWaitingCausalBroadcast,
  NoWaitingCausalBroadcastUsingFIFO,
  NoWaitingUniformCausalBroadcast,
  OptimizedLazyReliableBroadcast,
  WaitingCausalBroadcast,
  WaitingUniformCausalBroadcast,
} from '@upon/broadcast'
import {
  bestEffortBroadcast,
  causalOrderReliableBroadcast,
  causalOrderUniformReliableBroadcast,
  fifoReliableBroadcast,
  probabilisticBroadcast,
  reliableBroadcast,
  uniformReliableBroadcast,
} from '@upon/compliance'
import type { ProcessId } from '@upon/contract'
import { crash, type Run } from '@upon/simulator'
import { type Entry, entry } from './entry'

const one = ([p = '']: readonly ProcessId[]) => [{ process: p, afterMs: 0, operation: 1 }]
const cost = (steps: number, messages: string) => ({ costs: [{ of: 'a broadcast', operations: one, steps, messages }] })
const systems = [
  { processes: 2, crashes: 1 },
  { processes: 3, crashes: 2 },
]

const ordered = [{ processes: 2, crashes: 1 }]
/** The first process reaches only the second. */
const faults = [crash('p1').afterSends(1)]

/** Enough for each to send to all others, twice. */
const ALL = { fanout: 6, rounds: 2 }
/** So few that some messages have to be asked for. */
const SOME = { fanout: 3, rounds: 2 }
/** Whether a process answered a request for a message. */
const isSentAgain = ({ trace }: Run) =>
  trace.entries.some(
    (entry) => entry.type === 'event' && entry.path === 'pb.fll' && entry.event === 'deliver' && kindOf(entry.attributes[1]) === 'DATA',
  )
/** Whether the time ran out that a process waits for a missing message. */
const isTimedOut = ({ trace }: Run) => trace.entries.some((entry) => entry.type === 'event' && entry.event === 'timeout')
const kindOf = (message: unknown) => (message as { readonly kind?: string }).kind
const gossip = {
  ...cost(1, 'N² - N'),
  systems: [{ processes: 2, losses: 1, crashes: 1, unjudged: ['PB1'] }],
  sometimes: { 'a message was lost': ({ trace }: Run) => trace.entries.some(({ type }) => type === 'loss') },
  faults,
}

export const broadcast: readonly Entry[] = [
  entry(bestEffortBroadcast, BasicBroadcast, { ...cost(1, 'N'), systems: [{ processes: 2 }, { processes: 3, crashes: 1 }] }),
  entry(reliableBroadcast, LazyReliableBroadcast, { ...cost(1, 'N'), systems }),
  entry(reliableBroadcast, OptimizedLazyReliableBroadcast, { ...cost(1, 'N'), systems, faults: [crash('p1').afterSends(1)] }),
  entry(reliableBroadcast, EagerReliableBroadcast, { ...cost(1, 'N + N²'), systems }),
  entry(uniformReliableBroadcast, AllAckUniformReliableBroadcast, { ...cost(2, 'N²'), systems }),
  entry(uniformReliableBroadcast, MajorityAckUniformReliableBroadcast, {
    ...cost(2, 'N²'),
    systems: [{ processes: 2 }, { processes: 3, crashes: 1 }],
  }),
  entry(probabilisticBroadcast, EagerProbabilisticBroadcast.with(ALL), gossip),
  entry(probabilisticBroadcast, LazyProbabilisticBroadcast.over({ upb: EagerProbabilisticBroadcast.with(SOME) }), {
    ...gossip,
    costs: [{ of: 'a broadcast', operations: one, steps: 1, messages: 'N² - N', among: [3, 4] }],
    record: ['FairLossPointToPointLinks', 'Timer'],
    sometimes: {
      ...gossip.sometimes,
      'a missing message was sent again': isSentAgain,
      'a timer for a missing message ran out': isTimedOut,
    },
  }),
  entry(fifoReliableBroadcast, BroadcastWithSequenceNumber, {
    ...cost(1, 'N + N²'),
    systems: ordered,
    faults: [crash('p1').afterSends(5)],
  }),
  entry(causalOrderReliableBroadcast, NoWaitingCausalBroadcast, { ...cost(1, 'N + N²'), systems: ordered, faults }),
  entry(causalOrderReliableBroadcast, GarbageCollectionOfCausalPast, {
    ...cost(1, 'N + N²'),
    systems: [{ processes: 2, crashes: 1 }],
    faults,
  }),
  entry(causalOrderReliableBroadcast, WaitingCausalBroadcast, { ...cost(1, 'N + N²'), systems: ordered, faults }),
  entry(causalOrderReliableBroadcast, NoWaitingCausalBroadcastUsingFIFO, { ...cost(1, 'N + N²'), systems: ordered, faults }),
  entry(causalOrderUniformReliableBroadcast, NoWaitingUniformCausalBroadcast, { ...cost(2, 'N²'), systems: [{ processes: 2 }], faults }),
  entry(causalOrderUniformReliableBroadcast, GarbageCollectionOfUniformCausalPast, {
    ...cost(2, 'N³ + N²'),
    systems: [{ processes: 2, crashes: 1 }],
    faults,
  }),
  entry(causalOrderUniformReliableBroadcast, WaitingUniformCausalBroadcast, { ...cost(2, 'N²'), systems: [{ processes: 2 }], faults }),
]
