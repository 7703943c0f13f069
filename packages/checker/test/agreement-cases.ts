import type { Case } from './detector-cases'

const utrb = 'utrb[p1]: UniformTerminatingReliableBroadcast'
const sent = 'p1 > broadcast "a"'
const delivered = `${sent}
  p1 < deliver "p1" {"m":"a"}
  p2 < deliver "p1" {"m":"a"}
  p3 < deliver "p1" {"m":"a"}`
const nbac = 'nbac: NonBlockingAtomicCommit'
const votes = 'p1 > propose "COMMIT"\np2 > propose "COMMIT"'

export const agreementCases: Case[] = [
  {
    property: 'UTRB1',
    instance: utrb,
    holds: delivered,
    violated: [[`${sent}\np1 < deliver "p1" "FAILED"`, 'p1, which is correct, broadcast "a" but never delivered it']],
  },
  {
    property: 'UTRB2',
    instance: utrb,
    holds: delivered,
    violated: [
      [`${delivered}\np2 < deliver "p1" "FAILED"`, 'p2 delivered twice'],
      ['p1 crash', 'p2, which is correct, never delivered anything from p1'],
    ],
  },
  {
    property: 'UTRB3',
    instance: utrb,
    holds: 'p1 crash\np2 < deliver "p1" "FAILED"',
    violated: [['p2 < deliver "p1" {"m":"a"}', 'p2 delivered {"m":"a"} from "p1", but p1 had not broadcast it']],
  },
  {
    property: 'UTRB4',
    instance: utrb,
    holds: delivered,
    violated: [
      ['p2 < deliver "p1" {"m":"a"}\np2 crash\np3 < deliver "p1" "FAILED"', 'p2 delivered {"m":"a"}, but p3 delivered "FAILED"'],
      ['p2 < deliver "p1" {"m":"a"}', 'but p1, which is correct, delivered nothing'],
    ],
  },
  {
    property: 'UFC1',
    instance: 'ufc: UniformFastConsensus',
    holds: 'p1 > propose 5\np2 > propose 5\np3 > propose 5\np1 < decide 5 ← 1\np2 < decide 5 ← 1\np3 < decide 5 ← 3',
    violated: [
      [
        'p1 > propose 5\np2 > propose 5\np3 > propose 5\nbeb:BestEffortBroadcast p2 < deliver "p1" 1 ← 0\np3 < decide 5 ← 3',
        'p3 decided after 2 communication steps, though all had proposed the same',
      ],
      ['p1 > propose 5\np2 > propose 6\np3 > propose 5', 'p1, which is correct, never decided'],
    ],
  },
  {
    property: 'NBAC2',
    instance: nbac,
    holds: `${votes}\np3 crash\np1 < decide "ABORT"`,
    violated: [[`${votes}\np1 < decide "ABORT"\np3 > propose "ABORT"`, 'though no process had proposed ABORT or crashed by then']],
  },
  {
    property: 'NBAC3',
    instance: nbac,
    holds: `${votes}\np3 > propose "COMMIT"\np1 < decide "COMMIT"`,
    violated: [[`${votes}\np1 < decide "COMMIT"\np3 > propose "ABORT"`, 'p1 decided COMMIT, though p3 proposed ABORT']],
  },
]
