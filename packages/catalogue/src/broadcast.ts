import {
  AllAckUniformReliableBroadcast,
  BasicBroadcast,
  BroadcastWithSequenceNumber,
  EagerReliableBroadcast,
  GarbageCollectionOfCausalPast,
  GarbageCollectionOfUniformCausalPast,
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
  reliableBroadcast,
  uniformReliableBroadcast,
} from '@upon/compliance'
import type { ProcessId } from '@upon/contract'
import { crash } from '@upon/simulator'
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
