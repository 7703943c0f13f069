import {
  AllAckUniformReliableBroadcast,
  BasicBroadcast,
  EagerReliableBroadcast,
  LazyReliableBroadcast,
  MajorityAckUniformReliableBroadcast,
} from '@upon/broadcast'
import { bestEffortBroadcast, reliableBroadcast, uniformReliableBroadcast } from '@upon/compliance'
import type { ProcessId } from '@upon/contract'
import { type Entry, entry } from './entry'

const one = ([p = '']: readonly ProcessId[]) => [{ process: p, afterMs: 0, operation: 1 }]
const cost = (steps: number, messages: string) => ({ costs: [{ of: 'a broadcast', operations: one, steps, messages }] })
const systems = [
  { processes: 2, crashes: 1 },
  { processes: 3, crashes: 2 },
]

export const broadcast: readonly Entry[] = [
  entry(bestEffortBroadcast, BasicBroadcast, { ...cost(1, 'N'), systems: [{ processes: 2 }, { processes: 3, crashes: 1 }] }),
  entry(reliableBroadcast, LazyReliableBroadcast, { ...cost(1, 'N'), systems }),
  entry(reliableBroadcast, EagerReliableBroadcast, { ...cost(1, 'N + N²'), systems }),
  entry(uniformReliableBroadcast, AllAckUniformReliableBroadcast, { ...cost(2, 'N²'), systems }),
  entry(uniformReliableBroadcast, MajorityAckUniformReliableBroadcast, {
    ...cost(2, 'N²'),
    systems: [{ processes: 2 }, { processes: 3, crashes: 1 }],
  }),
]
