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
]
