import type { Case } from './detector-cases'

const instance = 'seq: SequenceConsensus'
const one = `p1 > propose 5
  p1 < decide 1 5
  p2 < decide 1 5`
const all = `${one}\np3 < decide 1 5`

export const sequenceCases: Case[] = [
  {
    property: 'SEQ1',
    instance,
    holds: all,
    violated: [[`${all}\np2 > propose 6`, 'p2, which is correct, proposed 6, which was not decided there']],
  },
  {
    property: 'SEQ2',
    instance,
    holds: all,
    violated: [['p1 < decide 1 5', 'p1 decided 5, which nobody had proposed']],
  },
  {
    property: 'SEQ3',
    instance,
    holds: all,
    violated: [[`${all}\np3 < decide 2 5`, 'p3 decided 5 at 2 slots; it was proposed once']],
  },
  {
    property: 'SEQ4',
    instance,
    holds: all,
    violated: [
      ['p1 > propose 5\np1 < decide 2 5', 'p1 decided slot 2 after slot 0'],
      [`${one}\np2 < restore 1 "a"`, 'p2 restored slot 1 after slot 1'],
    ],
  },
  {
    property: 'SEQ5',
    instance,
    holds: all,
    violated: [[`p2 > propose 6\n${one}\np3 < decide 1 6`, 'at slot 1, p1 decided 5, but p3 decided 6']],
  },
  {
    property: 'SEQ6',
    instance,
    holds: all,
    violated: [[one, 'p1 reached slot 1, but p3, which is correct, only slot 0']],
  },
  {
    property: 'SEQ7',
    instance,
    holds: `${one}\np2 > compact 1 "a"\np3 < restore 1 "a"`,
    violated: [[`${one}\np3 < restore 1 "a"`, 'p3 restored "a" at slot 1, which no process had made of that slot']],
  },
]
