import { of } from './mutant'

export const mutants = [
  ...of('fd/src/eventually-perfect/increasing-timeout.ts', 'increasing-timeout', [
    { name: 'who answered once counts as alive for ever', line: 'state.alive.clear()', wrong: '', property: 'EPFD1' },
    { name: 'nobody is restored', line: 'epfd.restore(p)', wrong: '', property: 'EPFD2' },
  ]),
  ...of('fd/src/eventual-leader/monarchical-eventual-leader-detection.ts', 'monarchical-eventual-leader-detection', [
    { name: 'no new trust when a suspicion is taken back', line: 'state.suspected.delete(p)', wrong: '', property: 'ELD2' },
    {
      name: 'the highest of the suspected leads',
      line: 'processes.findLast((p) => !state.suspected.has(p))',
      wrong: 'processes.findLast((p) => state.suspected.has(p))',
      property: 'ELD1',
    },
  ]),
  ...of('fd/src/eventual-leader/elect-lower-epoch.ts', 'elect-lower-epoch', [
    { name: 'who was heard of once is a candidate for ever', line: 'state.candidates.clear()', wrong: '', property: 'ELD1' },
    {
      name: 'among equals whom it heard of last leads, not the highest rank',
      line: 'processes.findLast((p) =>',
      wrong: '[...state.candidates.keys()].findLast((p) =>',
      property: 'ELD2',
    },
    {
      name: 'the highest epoch leads',
      line: 'Math.min(',
      wrong: 'Math.max(',
      property: 'ELD2',
      equivalent: 'only among processes that crash for ever it makes a difference, and no run has those',
    },
  ]),
]
