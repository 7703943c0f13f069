import { of } from './mutant'

const majority = 'quorum.size > processes.length / 2'
const quorumOfF = 'quorum.size >= Math.floor(processes.length / 2)'

export const mutants = [
  ...of('consensus/src/epoch-consensus/read-write-epoch-consensus.ts', 'leader-driven-consensus', [
    {
      name: 'trap A, bottom tie: of epoch 0, ⊥ is preferred to a value',
      line: '(b.valts === a.valts && a.val === undefined)',
      wrong: '(b.valts === a.valts && b.val === undefined)',
      property: 'UC4',
    },
    { name: 'an epoch takes f for a majority', line: majority, wrong: quorumOfF, property: 'UC4' },
    { name: 'an epoch takes the lowest state', line: 'b.valts > a.valts ||', wrong: 'b.valts < a.valts ||', property: 'UC4' },
    {
      name: 'a leader writes its own value whatever it read',
      line: 'if (val !== undefined) state.tmpval = val',
      wrong: '',
      property: 'UC4',
    },
  ]),
  ...of('consensus/src/epoch-change/leader-based-epoch-change.ts', 'leader-based-epoch-change', [
    {
      name: 'trap B, NACK storm: every NACK is answered by an epoch, every epoch not started by a NACK',
      line: `      if (newts <= (state.announced.get(l) ?? -1)) return // overtaken by a later one of the same leader
      state.announced.set(l, newts)
      if (l !== state.trusted) return
      if (newts > state.lastts) {`,
      wrong: `      state.announced.set(l, newts)
      state.pace = 'free'
      if (l === state.trusted && newts > state.lastts) {`,
      property: 'comes to rest',
    },
    {
      name: 'trap C, stuck process: a leader that is trusted again is not told what epoch was missed',
      line: `      else if (state.announced.has(p) && state.announced.get(p) !== state.lastts) pl.send(p, { kind: 'NACK' })
`,
      wrong: '',
      property: 'EC3',
    },
  ]),
  ...of('consensus/src/uniform/leader-driven-consensus.ts', 'leader-driven-consensus', [
    {
      name: 'an epoch starts with fresh state',
      line: 'l: state.l, state: epochState })',
      wrong: 'l: state.l, state: { valts: 0, val: undefined } })',
      property: 'UC4',
    },
    {
      name: 'a process decides once an epoch',
      line: 'if (ts !== state.ets || state.decided) return',
      wrong: 'if (ts !== state.ets) return',
      property: 'UC3',
    },
  ]),
]
