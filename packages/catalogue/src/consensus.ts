import { consensus as c, epochChange, epochConsensus, uniformConsensus } from '@upon/compliance'
import {
  FloodingConsensus,
  FloodingUniformConsensus,
  HierarchicalConsensus,
  HierarchicalUniformConsensus,
  LeaderBasedEpochChange,
  LeaderDrivenConsensus,
  PacedEpochChange,
  ReadWriteEpochConsensus,
  RotatingCoordinator,
} from '@upon/consensus'
import { crash } from '@upon/simulator'
import { type Entry, entry } from './entry'

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
]
