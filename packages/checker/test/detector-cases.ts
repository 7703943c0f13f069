/** A property with a trace in which it holds, and traces that violate it with words of the reason. */
export interface Case {
  readonly property: string
  readonly instance: string
  readonly holds: string
  /** Each with words of the reason. */
  readonly violated: readonly (readonly [trace: string, words: string])[]
  /** The instance to judge, if not the first. */
  readonly path?: string
}

const pfd = 'pfd: PerfectFailureDetector'
const le = 'le: LeaderElection'
const epfd = 'epfd: EventuallyPerfectFailureDetector'
const eld = 'eld: EventualLeaderDetector'

const detected = `
  p3 crash
  p1 < crash "p3"
  p2 < crash "p3"`
const elected = `
  p1 < leader "p3"
  p3 crash
  p1 < leader "p1"
  p2 < leader "p3"
  p2 < leader "p1"`
const trusted = `
  p1 < trust "p3"
  p3 crash
  p1 < trust "p2"
  p2 < trust "p2"`
const suspected = `
  p1 < suspect "p2"
  p1 < restore "p2"
  p3 crash
  p1 < suspect "p3"
  p2 < suspect "p3"`

/** Failure detectors and leader election. */
export const detectorCases: readonly Case[] = [
  {
    property: 'PFD1',
    instance: pfd,
    holds: detected,
    violated: [['p3 crash\np1 < crash "p3"', 'p3 crashed, but p2, which is correct, never detected it']],
  },
  {
    property: 'PFD2',
    instance: pfd,
    holds: `${detected}\np2 crash\np1 < crash "p2"`,
    violated: [
      [`${detected}\np2 < crash "p1"`, 'p2 detected p1, which had not crashed'],
      ['p1 < crash "p3"\np3 crash', 'p1 detected p3, which had not crashed yet'],
      ['p1 < crash "p2"\np1 crash', 'p1 detected p2'],
    ],
  },
  {
    property: 'LE1',
    instance: le,
    holds: elected,
    violated: [
      ['p1 < leader "p3"\np2 < leader "p3"\np3 crash\np1 < leader "p2"', 'the last leader that p2 elected is p3, which has crashed'],
      ['p3 crash\np1 < leader "p2"', 'p2, which is correct, never elected any process'],
      [`p1 < leader "p9"\n${elected}`, 'p1 got "p9" as its leader, which is not a process'],
    ],
  },
  {
    property: 'LE2',
    instance: le,
    holds: `${elected}\np2 crash\np1 < leader "p1"`,
    violated: [
      ['p1 < leader "p3"\np2 < leader "p2"', 'p2 elected p2, though p1 had elected p3, which had not crashed'],
      ['p1 < leader "p3"\np2 < leader "p2"\np3 crash', 'had not crashed'],
      ['p3 crash\np1 < leader "p2"\np1 < leader "p3"', 'p1 elected p3, though p1 had elected p2, which had not crashed'],
    ],
  },
  {
    property: 'EPFD1',
    instance: epfd,
    holds: suspected,
    violated: [
      ['p1 < suspect "p3"\np3 crash', 'p3 crashed, but p2, which is correct, never suspected p3'],
      [`${suspected}\np2 < restore "p3"`, 'p2, which is correct, restored p3'],
    ],
  },
  { property: 'EPFD2', instance: epfd, holds: suspected, violated: [[`${suspected}\np2 < suspect "p1"`, 'p2 suspects p1 at the end']] },
  {
    property: 'ELD1',
    instance: eld,
    holds: trusted,
    violated: [
      [`${trusted}\np2 < trust "p3"`, 'p2 trusts p3 at the end, which has crashed'],
      ['p1 < trust "p2"\np3 crash', 'p2, which is correct, never trusted'],
      [`p1 < trust "p9"\n${trusted}`, 'p1 got "p9" as its leader, which is not a process'],
    ],
  },
  { property: 'ELD2', instance: eld, holds: trusted, violated: [[`${trusted}\np2 < trust "p1"`, 'p1 trusts p2 and p2 trusts p1']] },
]
