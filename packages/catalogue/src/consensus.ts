import { consensus as c, epochChange, epochConsensus, sequenceConsensus, uniformConsensus } from '@upon/compliance'
import {
  FloodingConsensus,
  FloodingUniformConsensus,
  HierarchicalConsensus,
  HierarchicalUniformConsensus,
  LeaderBasedEpochChange,
  LeaderDrivenConsensus,
  LeaderDrivenSequence,
  PacedEpochChange,
  ReadWriteEpochConsensus,
  RotatingCoordinator,
} from '@upon/consensus'
import type { ProcessId } from '@upon/contract'
import { crash } from '@upon/simulator'
import { type Entry, entry } from './entry'
import { aCommandAtTwoPlaces, aGapFilled } from './sequence-situations'

const proposedBy = (process: ProcessId = '') => [{ process, afterMs: 0, operation: { propose: 1 } }]

export const consensus: readonly Entry[] = [
  entry(c, FloodingConsensus, {
    costs: [{ of: 'a decision', operations: c.few, steps: 1, messages: '2N²' }],
    systems: [
      { processes: 2, crashes: 1 },
      { processes: 3, crashes: 1 },
    ],
  }),
  entry(c, HierarchicalConsensus, {
    costs: [{ of: 'a decision', operations: c.few, steps: 'N - 1', messages: 'N²' }],
    systems: [
      { processes: 2, crashes: 1 },
      { processes: 3, crashes: 2, isDeep: true },
    ],
    faults: [crash('p1').afterSends(1)],
  }),
  entry(uniformConsensus, FloodingUniformConsensus, {
    rareOverAdversarial: ['a process decided and then crashed'], // after N rounds, each as slow as its slowest process
    costs: [{ of: 'a decision', operations: uniformConsensus.few, steps: 'N', messages: 'N³' }],
    systems: [
      { processes: 2, crashes: 1 },
      { processes: 3, crashes: 1 },
    ],
  }),
  entry(uniformConsensus, HierarchicalUniformConsensus, {
    costs: [{ of: 'a decision', operations: uniformConsensus.few, steps: 3, messages: 'N² + 3N' }],
    systems: [
      { processes: 2, crashes: 1 },
      { processes: 3, crashes: 1, isDeep: true },
    ],
    faults: [crash('p1').afterSends(1)],
  }),
  entry(uniformConsensus, RotatingCoordinator, {
    costs: [{ of: 'a decision', operations: uniformConsensus.few, steps: 4, messages: 'N³ + N² + N', among: [5, 7] }],
    systems: [{ processes: 2 }, { processes: 2, lies: 1 }, { processes: 3, limitStates: 100_000, unjudged: ['UC1'], isDeep: true }],
    faults: [crash('p1').afterSends(0)],
    shows: (path) => !/^epfd\.|urb\./.test(path),
  }),
  entry(uniformConsensus, LeaderDrivenConsensus, {
    costs: [{ of: 'a decision', operations: uniformConsensus.few, steps: 5, messages: '5N' }],
    systems: [{ processes: 2 }, { processes: 2, lies: 1 }, { processes: 3 }],
  }),
  entry(epochChange, LeaderBasedEpochChange, { systems: [{ processes: 2, crashes: 1, lies: 3 }] }),
  entry(epochChange, PacedEpochChange, {
    systems: [
      { processes: 2, crashes: 1, timeouts: 1, lies: 3 },
      { processes: 2, crashes: 1, timeouts: 2, lies: 3, isDeep: true },
    ],
  }),
  entry(epochConsensus, ReadWriteEpochConsensus, {
    costs: [{ of: 'an epoch', operations: epochConsensus.few, steps: 5, messages: '5N' }],
    systems: [{ processes: 2 }, { processes: 3, crashes: 1 }],
  }),
  entry(sequenceConsensus, LeaderDrivenSequence, {
    sizes: [3, 2, 4, 1, 5],
    costs: [
      { of: 'a value of the leader', operations: (processes) => proposedBy(processes.at(-1)), steps: 3, messages: '3N' },
      { of: 'a value of another process', operations: ([p]) => proposedBy(p), steps: 4, messages: '3N + 1' },
    ],
    systems: [{ processes: 2 }, { processes: 2, lies: 1, limitStates: 2_000 }],
    faults: [crash('p3').afterSends(4)],
    shows: (path) => !path.endsWith('turn'),
    record: ['PerfectPointToPointLinks'],
    sometimes: { 'a command stood at two places': aCommandAtTwoPlaces },
    rarely: { 'a place that nobody knew got a no-op': aGapFilled },
  }),
  entry(sequenceConsensus, LeaderDrivenSequence.with({ batchCommands: 2, windowPlaces: 2 }), {
    name: 'leader-driven-sequence-in-a-narrow-window',
    sizes: [3, 2, 4, 1, 5],
    shows: (path) => !path.endsWith('turn'),
    systems: [{ processes: 2 }],
  }),
]
