import {
  ConsensusBasedAtomicCommit,
  ConsensusBasedTerminatingBroadcast,
  ConsensusBasedTotalOrder,
  ConsensusBasedUniformTotalOrder,
  SequenceBasedTotalOrder,
} from '@upon/agreement'
import {
  nonBlockingAtomicCommit,
  totalOrderBroadcast,
  uniformTerminatingReliableBroadcast,
  uniformTotalOrderBroadcast,
} from '@upon/compliance'
import type { ProcessId } from '@upon/contract'
import { crash } from '@upon/simulator'
import { type Entry, entry } from './entry'

const one = ([p = '']: readonly ProcessId[]) => [{ process: p, afterMs: 0, operation: 1 }]

/** Everything but the layers below consensus and broadcasts. */
const outside = (path: string) => !/\.(c\[\d+\]|uc|u?rb)\./.test(path)

export const agreement: readonly Entry[] = [
  entry(totalOrderBroadcast, ConsensusBasedTotalOrder, {
    sizes: [3, 2, 4, 1, 5],
    costs: [{ of: 'a broadcast', operations: one, steps: 2, messages: '2N² + N' }],
    systems: [{ processes: 2 }, { processes: 2, crashes: 1, isDeep: true }],
    faults: [crash('p1').afterSends(1)],
    shows: outside,
  }),
  entry(uniformTotalOrderBroadcast, ConsensusBasedUniformTotalOrder, {
    sizes: [3, 2, 4, 1, 5],
    costs: [{ of: 'a broadcast', operations: one, steps: 7, messages: 'N² + 5N', among: [5, 7] }],
    systems: [{ processes: 2 }],
    faults: [crash('p1').afterSends(1)],
    shows: outside,
  }),
  entry(uniformTotalOrderBroadcast, SequenceBasedTotalOrder, {
    sizes: [3, 2, 4, 1, 5],
    costs: [
      { of: 'a broadcast of the leader', operations: (processes) => one(processes.slice(-1)), steps: 3, messages: '3N' },
      { of: 'a broadcast of another process', operations: one, steps: 4, messages: '3N + 1' },
    ],
    systems: [{ processes: 2 }],
    faults: [crash('p3').afterSends(4)],
    shows: (path) => !path.endsWith('turn'),
  }),
  entry(uniformTerminatingReliableBroadcast, ConsensusBasedTerminatingBroadcast, {
    costs: [{ of: 'a broadcast', operations: uniformTerminatingReliableBroadcast.few, steps: 3, messages: 'N² + 4N' }],
    systems: [{ processes: 2, crashes: 1 }],
    faults: [crash('p1').afterSends(0)],
    shows: outside,
  }),
  entry(nonBlockingAtomicCommit, ConsensusBasedAtomicCommit, {
    costs: [{ of: 'a decision', operations: nonBlockingAtomicCommit.few, steps: 4, messages: '2N² + 3N' }],
    systems: [{ processes: 2, crashes: 1 }],
    faults: [crash('p3').afterSends(0)],
    shows: outside,
  }),
]
