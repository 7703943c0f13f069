import type { Mutation } from './mutant'

/** One wrong line, and the scenario and property that must show it. */
export interface Mutant extends Mutation {
  readonly name: string
  readonly scenario: string
  readonly property: string
  readonly processes?: number
}

const ep = 'consensus/src/epoch-consensus/read-write-epoch-consensus.ts'
const ec = 'consensus/src/epoch-change/leader-based-epoch-change.ts'
const uc = 'consensus/src/uniform/leader-driven-consensus.ts'
const nnar = 'register/src/atomic/read-impose-write-consult-majority.ts'
const epfd = 'fd/src/eventually-perfect/increasing-timeout.ts'
const eld = 'fd/src/eventual-leader/monarchical-eventual-leader-detection.ts'
const beb = 'broadcast/src/best-effort/basic-broadcast.ts'

const majority = 'quorum.size > processes.length / 2'
const quorumOfF = 'quorum.size >= Math.floor(processes.length / 2)'

export const traps: readonly Mutant[] = [
  {
    name: 'trap A, bottom tie: of epoch 0, ⊥ is preferred to a value',
    file: ep,
    line: '(b.valts === a.valts && a.val === undefined)',
    wrong: '(b.valts === a.valts && b.val === undefined)',
    scenario: 'uc',
    property: 'UC4',
  },
  {
    name: 'trap B, NACK storm: every NACK is answered by an epoch, every epoch not started by a NACK',
    file: ec,
    line: `      if (newts <= (state.announced.get(l) ?? -1)) return // overtaken by a later one of the same leader
      state.announced.set(l, newts)
      if (l !== state.trusted) return
      if (newts > state.lastts) {`,
    wrong: `      state.announced.set(l, newts)
      state.pace = 'free'
      if (l === state.trusted && newts > state.lastts) {`,
    scenario: 'ec',
    property: 'comes to rest',
  },
  {
    name: 'trap C, stuck process: a leader that is trusted again is not told what epoch was missed',
    file: ec,
    line: "      else if (state.announced.has(p) && state.announced.get(p) !== state.lastts) pl.send(p, { kind: 'NACK' })\n",
    wrong: '',
    scenario: 'ec',
    property: 'EC3',
  },
]

export const mutants: readonly Mutant[] = [
  { name: 'an epoch takes f for a majority', file: ep, line: majority, wrong: quorumOfF, scenario: 'uc', property: 'UC4' },
  {
    name: 'an epoch takes the lowest state',
    file: ep,
    line: 'b.valts > a.valts ||',
    wrong: 'b.valts < a.valts ||',
    scenario: 'uc',
    property: 'UC4',
  },
  {
    name: 'a leader writes its own value whatever it read',
    file: ep,
    line: 'if (val !== undefined) state.tmpval = val',
    wrong: '',
    scenario: 'uc',
    property: 'UC4',
  },
  // equivalent: an aborted epoch that does not halt; leader-driven consensus disposes of it before anything else reaches it
  {
    name: 'an epoch starts with fresh state',
    file: uc,
    line: 'l: state.l, state: epochState })',
    wrong: 'l: state.l, state: { valts: 0, val: undefined } })',
    scenario: 'uc',
    property: 'UC4',
  },
  {
    name: 'a process decides once an epoch',
    file: uc,
    line: 'if (ts !== state.ets || state.decided) return',
    wrong: 'if (ts !== state.ets) return',
    scenario: 'uc',
    property: 'UC3',
  },
  {
    name: 'a read does not impose what it returns',
    file: nnar,
    line: "        beb.broadcast({ kind: 'WRITE', rid, ...max }) // with the rank of its writer, not ours",
    wrong: '        { state.reading = false; nnar.readReturn(state.readval) }',
    scenario: 'nnar',
    property: 'NNAR2',
  },
  {
    name: 'a read imposes with its own rank',
    file: nnar,
    line: 'rid, ...max })',
    wrong: 'rid, ...max, wr: rank(self) })',
    scenario: 'nnar',
    processes: 3,
    property: 'NNAR2',
  },
  {
    name: 'a write does not consult',
    file: nnar,
    line: 'ts: max.ts + 1',
    wrong: 'ts: 1',
    scenario: 'nnar',
    property: 'NNAR2',
  },
  {
    name: 'ties ignore rank',
    file: nnar,
    line: 'a.ts > b.ts || (a.ts === b.ts && a.wr > b.wr)',
    wrong: 'a.ts > b.ts',
    scenario: 'nnar',
    property: 'NNAR2',
  },
  {
    name: 'a lower timestamp overwrites',
    file: nnar,
    line: 'if (isNewer({ ts, wr, val }, state.stored)) state.stored',
    wrong: 'state.stored',
    scenario: 'nnar',
    property: 'NNAR2',
  },
  { name: 'readId not raised', file: nnar, line: 'state.rid += 1', wrong: '', scenario: 'nnar', property: 'NNAR2' },
  { name: 'a register takes f for a majority', file: nnar, line: majority, wrong: quorumOfF, scenario: 'nnar', property: 'NNAR2' },
  {
    name: 'who answered once counts as alive for ever',
    file: epfd,
    line: 'state.alive.clear()',
    wrong: '',
    scenario: 'epfd',
    property: 'EPFD1',
  },
  { name: 'nobody is restored', file: epfd, line: 'epfd.restore(p)', wrong: '', scenario: 'epfd', property: 'EPFD2' },
  {
    name: 'no new trust when a suspicion is taken back',
    file: eld,
    line: 'state.suspected.delete(p)',
    wrong: '',
    scenario: 'eld',
    property: 'ELD2',
  },
  {
    name: 'the highest of the suspected leads',
    file: eld,
    line: 'processes.findLast((p) => !state.suspected.has(p))',
    wrong: 'processes.findLast((p) => state.suspected.has(p))',
    scenario: 'eld',
    property: 'ELD1',
  },
  {
    name: 'a broadcast skips one',
    file: beb,
    line: 'for (const q of processes) pl.send',
    wrong: 'for (const q of processes.slice(1)) pl.send',
    scenario: 'beb',
    property: 'BEB1',
  },
]
