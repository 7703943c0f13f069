import { of } from '../mutants/mutant'

const majority = 'quorum.size > processes.length / 2'
const quorumOfF = 'quorum.size >= Math.floor(processes.length / 2)'

export const mutants = [
  ...of('consensus/src/epoch-consensus/read-write-epoch-consensus.ts', 'leader-driven-consensus', [
    {
      name: 'trap A, bottom tie: of epoch 0, ⊥ is preferred to a value',
      line: 'b.val !== undefined && (a.val === undefined || b.valts > a.valts)',
      wrong: 'b.valts > a.valts || (b.valts === a.valts && b.val === undefined)',
      property: 'UC4',
    },
    { name: 'an epoch takes f for a majority', line: majority, wrong: quorumOfF, property: 'UC4', processes: 5 },
    { name: 'an epoch takes the lowest state', line: 'b.valts > a.valts)', wrong: 'b.valts < a.valts)', property: 'UC4', isDeep: true },
    {
      name: 'an aborted epoch leaves nothing',
      line: 'ep.aborted({ valts: state.valts, val: state.val })',
      wrong: 'ep.aborted({ valts: 0, val: undefined })',
      property: 'UC4',
    },
    {
      name: 'an aborted epoch does not halt',
      line: 'halt() // an answer from now on could break lock-in',
      wrong: '',
      property: 'UC4',
      equivalent: 'its user disposes of it before anything else reaches it',
    },
    {
      name: 'ACCEPT is counted, by whomever it is',
      line: 'state.accepted.add(q)',
      wrong: 'state.accepted.add(q + state.accepted.size)',
      property: 'UC4',
      equivalent: 'perfect links deliver each only once',
    },
    {
      name: 'a leader writes its own value whatever it read',
      line: 'if (val !== undefined) state.tmpval = val',
      wrong: '',
      property: 'UC4',
    },
  ]),
  ...of('consensus/src/epoch-consensus/read-write-epoch-consensus.ts', 'read-write-epoch-consensus', [
    { name: 'an epoch takes f for a majority', line: majority, wrong: quorumOfF, property: 'EP2' },
    {
      name: 'half of an even number is a majority',
      line: majority,
      wrong: 'quorum.size >= processes.length / 2',
      property: 'EP4',
      processes: 4,
    },
    { name: 'an epoch takes any state', line: '? b : a), {', wrong: '? a : a), {', property: 'EP4' },
    { name: 'what is written keeps its old timestamp', line: '      state.valts = ets\n', wrong: '', property: 'EP4', processes: 5 },
    { name: 'an epoch takes the lowest state', line: 'b.valts > a.valts)', wrong: 'b.valts < a.valts)', property: 'EP4' },
    {
      name: 'the highest state is that of the highest timestamp as text',
      isDeep: true,
      line: 'b.valts > a.valts)',
      wrong: 'String(b.valts) > String(a.valts))',
      property: 'EP4',
    },
    {
      name: 'timestamps of values wrap at 64',
      isDeep: true,
      line: 'state.valts = ets',
      wrong: 'state.valts = ets % 64',
      property: 'EP4',
      processes: 3,
    },
    {
      name: 'what was read is taken for nothing when it is 0, false or empty',
      line: 'if (val !== undefined) state.tmpval',
      wrong: 'if (val) state.tmpval',
      property: 'EP4',
    },
    { name: 'a proposal is never read', line: 'if (p === l) pl.send(l, {', wrong: 'if (p !== l) pl.send(l, {', property: 'EP5' },
    { name: 'an abort is never completed', line: 'ep.aborted({ valts: state.valts, val: state.val })', wrong: '', property: 'EP6' },
    {
      name: 'a process decides what is written',
      line: 'state.val = val',
      wrong: 'state.val = val; ep.decide(val)',
      property: 'EP3',
    },
  ]),
  ...of('consensus/src/epoch-change/paced-epoch-change.ts', 'paced-epoch-change', [
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
  ...of('consensus/src/epoch-change/paced-epoch-change.ts', 'paced-epoch-change', [
    { name: 'two processes announce the same timestamps', line: 'ts: rank(self),', wrong: 'ts: 0,', property: 'EC2' },
    {
      name: 'an epoch starts though a later one has',
      line: 'if (newts > state.lastts) {',
      wrong: 'if (newts > 0) {',
      property: 'EC1',
      layers: 'adversarial',
    },
    { name: 'a NACK is not answered', line: 'if (state.trusted !== self) return', wrong: 'return', property: 'EC3' },
    { name: 'epochs start of whomever', line: 'if (l !== state.trusted) return', wrong: '', property: 'EC3', layers: 'adversarial' },
  ]),
  ...of('consensus/src/epoch-change/leader-based-epoch-change.ts', 'leader-based-epoch-change', [
    {
      name: 'trap B, NACK storm: every epoch not started is answered by a NACK, and every NACK by an epoch',
      line: `      if (newts <= (state.announced.get(l) ?? -1)) return // overtaken by a later one of the same leader
      state.announced.set(l, newts)
      if (l !== state.trusted) return
      if (newts > state.lastts) {`,
      wrong: `      state.announced.set(l, newts)
      if (l === state.trusted && newts > state.lastts) {`,
      property: 'comes to rest',
      layers: 'adversarial',
    },
    {
      name: 'trap C, stuck process: a leader that is trusted again is not told what epoch was missed',
      line: 'else if (last !== undefined && last !== state.lastts) refuse(p, last)',
      wrong: '',
      property: 'EC3',
    },
    { name: 'two processes announce the same timestamps', line: 'ts: rank(self),', wrong: 'ts: 0,', property: 'EC2' },
    {
      name: 'an epoch starts though a later one has',
      line: 'if (newts > state.lastts) {',
      wrong: 'if (newts > 0) {',
      property: 'EC1',
      layers: 'adversarial',
    },
    {
      name: 'a NACK is not answered',
      line: 'if (state.trusted === self && refused',
      wrong: 'if (state.trusted === undefined && refused',
      property: 'EC3',
    },
    { name: 'a NACK is not answered for the last epoch', line: 'refused >= (', wrong: 'refused > (', property: 'EC3' },
    { name: 'epochs start of whomever', line: 'if (l !== state.trusted) return', wrong: '', property: 'EC3', layers: 'adversarial' },
  ]),
  ...of('consensus/src/consensus/flooding-consensus.ts', 'flooding-consensus', [
    {
      name: 'DECIDED does not say who is correct',
      isDeep: true,
      line: "kind: 'DECIDED', round: state.round, correct: correct(), v",
      wrong: "kind: 'DECIDED', round: state.round, correct: [...processes], v",
      property: 'C4',
      processes: 5,
    },
    { name: 'all decide after one round', line: 'state.correct.size < state.before', wrong: 'state.correct.size < 0', property: 'C4' },
    { name: 'what others have decided does not matter', line: 'decision = said.v', wrong: '{}', property: 'C4' },
    {
      name: 'who has decided says nothing',
      line: "beb.broadcast({ kind: 'DECIDED', round: state.round, correct: correct(), v })",
      wrong: '',
      property: 'C1',
    },
    { name: 'nobody hears what others propose', line: 'state.proposals.set(proposal.p, proposal.v)', wrong: '{}', property: 'C4' },
    { name: 'who has crashed is waited for', line: '(p) => {\n      state.correct.delete(p)', wrong: '() => {', property: 'C1' },
    {
      name: 'a process decides and goes on',
      line: 'halt() // all that are correct hear it before that round ends',
      wrong: '',
      property: 'C3',
    },
  ]),
  ...of('consensus/src/consensus/hierarchical-consensus.ts', 'hierarchical-consensus', [
    {
      name: 'nothing is imposed on anybody',
      line: '        state.proposal = v\n        state.proposer',
      wrong: '        state.proposer',
      property: 'C4',
    },
    {
      name: 'who speaks last is obeyed',
      isDeep: true,
      line: ' && rank(p) > state.proposer',
      wrong: '',
      property: 'C4',
      layers: 'adversarial',
    },
    {
      name: 'of those heard, the lowest rank is obeyed',
      isDeep: true,
      line: 'rank(p) > state.proposer',
      wrong: '(state.proposer === 0 || rank(p) < state.proposer)',
      property: 'C4',
    },
    {
      name: 'higher ranks are obeyed, too',
      line: 'rank(p) < rank(self) && ',
      wrong: '',
      property: 'C4',
      equivalent: 'they have waited for this process, which has broadcast nothing yet, or has decided already',
    },
    {
      name: 'who proposes late overwrites what was imposed',
      line: 'if (state.proposal === undefined) state.proposal = v',
      wrong: 'state.proposal = v',
      property: 'C4',
    },
    {
      name: 'null is taken for nothing',
      isDeep: true,
      line: 'if (state.proposal === undefined) state.proposal = v',
      wrong: 'state.proposal ??= v',
      property: 'C4',
    },
    { name: '0 is taken for nothing', line: 'state.proposal !== undefined &&', wrong: 'state.proposal &&', property: 'C1' },
    { name: 'a round does not end with a crash', line: 'state.detected.has(state.round) || ', wrong: '', property: 'C1' },
    { name: 'a round ends with a crash alone', line: ' || state.delivered.has(state.round)', wrong: '', property: 'C1' },
    { name: 'nobody waits for lower ranks', line: 'state.round === rank(self) && ', wrong: '', property: 'C4' },
    { name: 'who has decided says nothing', line: 'beb.broadcast(state.proposal as Payload)', wrong: '', property: 'C1' },
    {
      name: 'who hears a decision takes it at once',
      line: 'state.delivered.add(rank(p))',
      wrong: 'state.delivered.add(rank(p)); c.decide(v)',
      property: 'C3',
    },
  ]),
  ...of('consensus/src/uniform/flooding-uniform-consensus.ts', 'flooding-uniform-consensus', [
    { name: 'there is one round', line: 'state.round < processes.length', wrong: 'state.round < 1', property: 'UC4', processes: 3 },
    {
      name: 'there are N - 1 rounds',
      isDeep: true,
      line: 'state.round < processes.length',
      wrong: 'state.round < processes.length - 1',
      property: 'UC4',
      layers: 'adversarial',
      processes: 3,
    },
    { name: 'nobody hears what others propose', line: 'state.proposals.set(proposal.p, proposal.v)', wrong: '{}', property: 'UC4' },
    { name: 'who has crashed is waited for', line: '(p) => {\n      state.correct.delete(p)', wrong: '() => {', property: 'UC1' },
    { name: 'a process decides and goes on', line: 'halt()', wrong: '', property: 'UC3', equivalent: 'nobody says anything after round N' },
  ]),
  ...of('consensus/src/uniform/leader-driven-consensus.ts', 'leader-driven-consensus', [
    {
      name: 'an epoch starts with fresh state',
      line: 'l: state.l, state: epochState })',
      wrong: 'l: state.l, state: { valts: 0, val: undefined } })',
      property: 'UC4',
    },
    { name: 'a leader proposes in one epoch only', line: '      state.proposed = false\n', wrong: '', property: 'UC1' },
    {
      name: 'a process decides once an epoch',
      line: 'if (ts !== state.ets || state.decided) return',
      wrong: 'if (ts !== state.ets) return',
      property: 'UC3',
    },
  ]),
]
