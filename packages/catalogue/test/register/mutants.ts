import { of } from '../mutants/mutant'

const majority = 'quorum.size > processes.length / 2'
const quorumOfF = 'quorum.size >= Math.floor(processes.length / 2)'

const wraps = (line: string, wrong: string, property: string) => ({
  name: 'timestamps wrap at 64',
  line,
  wrong,
  property,
  steps: 100, // so many writes it takes
})

/** What waits for all that have not crashed. */
const waitsForAll = (name: string, safety: string, termination: string) => [
  { name: `${name} waits for one`, line: '[...state.correct].every(', wrong: '[...state.correct].some(', property: safety },
  { name: `${name} waits for those that have crashed`, line: 'state.correct.delete(p)', wrong: '', property: termination },
  { name: 'a process that acknowledged once does so forever', line: 'state.writeset.clear()', wrong: '', property: 'no handler throws' },
]

/** What imposes on all that have not crashed. */
const imposesOnAll = (instance: string, safety: string, ordering: string, termination: string) => [
  ...waitsForAll('an operation', safety, termination),
  {
    name: 'a read does not impose what it returns',
    line: "beb.broadcast({ kind: 'WRITE', ...state.stored })",
    wrong: `{ state.reading = false; ${instance}.readReturn(state.readval) }`,
    property: ordering,
  },
  {
    name: 'a read returns what has come meanwhile, which it has not imposed',
    line: `${instance}.readReturn(state.readval)`,
    wrong: `${instance}.readReturn(state.stored.val)`,
    property: ordering,
  },
  { name: 'after a read, a write ends as one', line: 'state.reading = false', wrong: '', property: safety },
  { name: 'a write does not go beyond what was written', line: 'ts: state.stored.ts + 1', wrong: 'ts: 1', property: safety },
]

const regular = [
  ...of('register/src/regular/read-one-write-all.ts', 'read-one-write-all', [
    ...waitsForAll('a write', 'ONRR2', 'ONRR1'),
    {
      name: 'a value is acknowledged before it is stored',
      line: "state.val = val\n      pl.send(q, { kind: 'ACK' })",
      wrong: "pl.send(q, { kind: 'ACK' })\n      state.val = val",
      property: 'ONRR2',
      equivalent: 'nothing comes between the two: a handler runs to its end',
    },
  ]),
  ...of('register/src/regular/majority-voting.ts', 'majority-voting', [
    wraps('state.wts += 1', 'state.wts = (state.wts + 1) % 64', 'ONRR2'),
    { name: 'a register takes f for a majority', line: majority, wrong: quorumOfF, property: 'ONRR2' },
    { name: 'a late VALUE counts for the next read', line: 'if (rid !== state.rid) return', wrong: '', property: 'ONRR2' },
    { name: 'a late ACK counts for the next write', line: 'if (ts !== state.wts) return', wrong: '', property: 'ONRR2' },
    { name: 'readId not raised', line: 'state.rid += 1', wrong: '', property: 'ONRR2' },
    { name: 'timestamp not raised', line: 'state.wts += 1', wrong: '', property: 'ONRR2' },
    {
      name: 'a lower timestamp overwrites',
      isDeep: true,
      line: 'if (ts > state.stored.ts) state.stored',
      wrong: 'state.stored',
      property: 'ONRR2',
    },
    { name: 'the oldest value wins', line: 'b.ts > a.ts ? b : a', wrong: 'b.ts < a.ts ? b : a', property: 'ONRR2' },
    {
      name: 'acknowledgements of a write that has returned count for the next',
      line: 'state.wts += 1\n      state.acks.clear()',
      wrong: 'state.wts += 1',
      property: 'ONRR2',
    },
    {
      name: 'values for a read that has returned count for the next',
      line: 'state.rid += 1\n      state.readlist.clear()',
      wrong: 'state.rid += 1',
      property: 'ONRR2',
    },
    {
      name: 'a write returns with each further acknowledgement',
      line: 'if (!isMajority(state.acks)) return\n      state.acks.clear()',
      wrong: 'if (!isMajority(state.acks)) return',
      property: 'ONRR2',
    },
    {
      name: 'a write that was overtaken is not acknowledged',
      line: "pl.send(p, { kind: 'ACK', ts })",
      wrong: "if (ts === state.stored.ts) pl.send(p, { kind: 'ACK', ts })",
      property: 'ONRR1',
      equivalent: 'there is one writer, and it does not overtake itself before the write has returned',
    },
  ]),
]

const oneOneAtomic = of('register/src/one-one-atomic/one-n-regular-to-one-one-atomic.ts', 'one-n-regular-to-one-one-atomic', [
  wraps('state.wts += 1', 'state.wts = (state.wts + 1) % 64', 'OOAR2'),
  {
    name: 'the reader remembers nothing',
    line: 'if (read.ts > state.latest.ts) state.latest = read',
    wrong: 'state.latest = read',
    property: 'OOAR3',
  },
  { name: 'timestamp not raised', line: 'state.wts += 1', wrong: '', property: 'OOAR2' },
  {
    name: 'the reader takes what is as late as what it has',
    line: 'read.ts > state.latest.ts',
    wrong: 'read.ts >= state.latest.ts',
    property: 'OOAR3',
    equivalent: 'values of one writer with the same timestamp are the same',
  },
])

const oneNAtomic = [
  ...of('register/src/one-n-atomic/one-one-atomic-to-one-n-atomic.ts', 'one-one-atomic-to-one-n-atomic', [
    {
      name: 'a reader does not write back what it returns',
      line: 'for (const q of processes) ooar.write(register(q, self), max)',
      wrong: 'onar.readReturn(state.readval)',
      property: 'ONAR3',
    },
    {
      name: 'a process reads registers that others are to read',
      line: 'ooar.read(register(self, r))',
      wrong: 'ooar.read(register(r, r))',
      property: 'ONAR2',
      layers: 'adversarial',
    },
    {
      name: 'its registers are regular only',
      line: "import { OneNRegularToOneOneAtomic } from '../one-one-atomic/one-n-regular-to-one-one-atomic'",
      wrong: "import { MajorityVoting as OneNRegularToOneOneAtomic } from '../regular/majority-voting'",
      property: 'ONAR3',
      processes: 3,
      equivalent: 'a process that returns a value has written it for itself too, and timestamps do the rest',
    },
    { name: 'a reader looks into the registers of others', line: 'register(self, r)', wrong: 'register(r, self)', property: 'ONAR2' },
    { name: 'one register is enough', line: 'if (state.acks.size < N) return', wrong: '', property: 'ONAR2' },
    { name: 'a read looks into one register', line: 'if (state.readlist.size < N) return', wrong: '', property: 'ONAR2' },
    { name: 'the oldest value wins', line: 'b.ts > a.ts ? b : a', wrong: 'b.ts < a.ts ? b : a', property: 'ONAR2' },
    { name: 'timestamp not raised', line: 'state.ts += 1', wrong: '', property: 'ONAR2' },
    { name: 'after a write, a read ends as one', line: 'state.writing = false\n', wrong: '\n', property: 'ONAR2' },
  ]),
  ...of('register/src/one-n-atomic/read-impose-write-all.ts', 'read-impose-write-all', [
    ...imposesOnAll('onar', 'ONAR2', 'ONAR3', 'ONAR1'),
    { name: 'a lower timestamp overwrites', line: 'if (ts > state.stored.ts) state.stored', wrong: 'state.stored', property: 'ONAR2' },
    {
      name: 'what was not newer is not acknowledged',
      line: 'if (ts > state.stored.ts) state.stored = { ts, val }\n',
      wrong: 'if (ts <= state.stored.ts) return\n      state.stored = { ts, val }\n',
      property: 'ONAR1',
    },
  ]),
  ...of('register/src/one-n-atomic/read-impose-write-majority.ts', 'read-impose-write-majority', [
    wraps('state.wts += 1', 'state.wts = (state.wts + 1) % 64', 'ONAR2'),
    { name: 'a register takes f for a majority', line: majority, wrong: quorumOfF, property: 'ONAR2' },
    {
      name: 'a read does not impose what it returns',
      line: "beb.broadcast({ kind: 'WRITE', rid, ...max })",
      wrong: '{ state.reading = false; onar.readReturn(state.readval) }',
      property: 'ONAR3',
      seed: 141,
    },
    {
      name: 'a late VALUE counts for the next read',
      line: '{ rid, ts, val }) => {\n      if (rid !== state.rid) return',
      wrong: '{ rid, ts, val }) => {',
      property: 'ONAR2',
    },
    {
      name: 'a late ACK counts for the next operation',
      line: '(q, { rid }) => {\n      if (rid !== state.rid) return',
      wrong: '(q, { rid }) => {',
      property: 'ONAR2',
    },
    {
      name: 'readId not raised on read',
      line: 'state.rid += 1\n      state.acks.clear()',
      wrong: 'state.acks.clear()',
      property: 'ONAR2',
    },
    { name: 'readId not raised on write', line: 'state.rid += 1\n      state.wts', wrong: 'state.wts', property: 'ONAR2' },
    { name: 'timestamp not raised', line: 'state.wts += 1', wrong: '', property: 'ONAR2' },
    { name: 'a lower timestamp overwrites', line: 'if (ts > state.stored.ts) state.stored', wrong: 'state.stored', property: 'ONAR2' },
    { name: 'the oldest value wins', line: 'b.ts > a.ts ? b : a', wrong: 'b.ts < a.ts ? b : a', property: 'ONAR2' },
    { name: 'after a read, a write ends as one', line: 'state.reading = false', wrong: '', property: 'ONAR2' },
    {
      name: 'what was not newer is not acknowledged',
      line: 'if (ts > state.stored.ts) state.stored = { ts, val }\n',
      wrong: 'if (ts <= state.stored.ts) return\n      state.stored = { ts, val }\n',
      property: 'ONAR1',
    },
  ]),
]

const ties = { name: 'ties ignore rank', line: 'a.ts > b.ts || (a.ts === b.ts && a.wr > b.wr)', wrong: 'a.ts > b.ts', property: 'NNAR2' }

const asText = {
  name: 'timestamps are compared as texts',
  line: 'a.ts > b.ts || (a.ts === b.ts',
  wrong: 'String(a.ts) > String(b.ts) || (a.ts === b.ts',
  property: 'NNAR2',
}

const lowerOverwrites = {
  name: 'a lower timestamp overwrites',
  line: 'if (isNewer({ ts, wr, val }, state.stored)) state.stored',
  wrong: 'state.stored',
  property: 'NNAR2',
}

const notNewer = {
  name: 'what was not newer is not acknowledged',
  line: 'if (isNewer({ ts, wr, val }, state.stored)) state.stored = { ts, wr, val }\n',
  wrong: 'if (!isNewer({ ts, wr, val }, state.stored)) return\n      state.stored = { ts, wr, val }\n',
  property: 'NNAR1',
}

const atomic = [
  ...of('register/src/atomic/one-n-atomic-to-n-n-atomic.ts', 'one-n-atomic-to-n-n-atomic', [
    wraps('ts: max.ts + 1', 'ts: (max.ts + 1) % 64', 'NNAR2'),
    asText,
    ties,
    { name: 'a write does not consult', line: 'ts: max.ts + 1', wrong: 'ts: 1', property: 'NNAR2' },
    { name: 'a write does not go beyond what was written', line: 'ts: max.ts + 1', wrong: 'ts: max.ts', property: 'NNAR2' },
    { name: 'one register is enough', line: 'if (state.readlist.size < N) return', wrong: '', property: 'NNAR2' },
    { name: 'after a write, a read ends as one', line: 'state.writing = false\n', wrong: '\n', property: 'NNAR2' },
    {
      name: 'its registers are regular only',
      isDeep: true,
      line: "import { ReadImposeWriteMajority } from '../one-n-atomic/read-impose-write-majority'",
      wrong: "import { MajorityVoting as ReadImposeWriteMajority } from '../regular/majority-voting'",
      property: 'NNAR2',
      processes: 3,
    },
  ]),
  ...of('register/src/atomic/read-impose-write-consult-all.ts', 'read-impose-write-consult-all', [
    wraps('ts: state.stored.ts + 1', 'ts: (state.stored.ts + 1) % 64', 'NNAR2'),
    asText,
    ...imposesOnAll('nnar', 'NNAR2', 'NNAR2', 'NNAR1'),
    {
      name: 'a read imposes with its own rank',
      line: '...state.stored })',
      wrong: '...state.stored, wr: rank(self) })',
      property: 'NNAR2',
      seed: 709,
    },
    ties,
    lowerOverwrites,
    notNewer,
  ]),
  ...of('register/src/atomic/read-impose-write-consult-majority.ts', 'read-impose-write-consult-majority', [
    {
      name: 'a read imposes nothing when all timestamps that it read agree, whatever their ranks',
      isDeep: true,
      steps: 120, // shrinking ends in a schedule of many operations, of which few matter
      line: '      state.readlist.clear()\n      state.readval = max.val\n',
      wrong: [
        '      const agree = new Set([...state.readlist.values()].map((s) => s.ts)).size === 1',
        '      state.readlist.clear()',
        '      state.readval = max.val',
        '      if (state.reading && agree) {',
        '        state.reading = false',
        '        nnar.readReturn(state.readval)',
        '        return',
        '      }\n',
      ].join('\n'),
      property: 'NNAR2',
      processes: 3,
    },
    wraps('ts: max.ts + 1', 'ts: (max.ts + 1) % 64', 'NNAR2'),
    asText,
    {
      name: 'a read does not impose what it returns',
      isDeep: true,
      line: "        beb.broadcast({ kind: 'WRITE', rid, ...max }) // with the rank of its writer, not of this process",
      wrong: '        { state.reading = false; nnar.readReturn(state.readval) }',
      property: 'NNAR2',
    },
    {
      name: 'a read imposes with its own rank',
      isDeep: true,
      steps: 200, // as above
      line: 'rid, ...max })',
      wrong: 'rid, ...max, wr: rank(self) })',
      property: 'NNAR2',
      processes: 3,
    },
    { name: 'a write does not consult', line: 'ts: max.ts + 1', wrong: 'ts: 1', property: 'NNAR2' },
    ties,
    lowerOverwrites,
    notNewer,
    { name: 'readId not raised', line: 'state.rid += 1', wrong: '', property: 'NNAR2' },
    { name: 'a register takes f for a majority', line: majority, wrong: quorumOfF, property: 'NNAR2' },
    {
      name: 'a late VALUE counts for the next operation',
      line: '{ rid, ts, wr, val }) => {\n      if (rid !== state.rid) return',
      wrong: '{ rid, ts, wr, val }) => {',
      property: 'NNAR2',
    },
    {
      name: 'a late ACK counts for the next operation',
      line: '(q, { rid }) => {\n      if (rid !== state.rid) return',
      wrong: '(q, { rid }) => {',
      property: 'NNAR2',
    },
    { name: 'after a read, a write ends as one', line: 'state.reading = false', wrong: '', property: 'NNAR2' },
  ]),
]

const oneOneByVoting = of('register/src/one-one-atomic/majority-voting-one-one-atomic.ts', 'majority-voting-one-one-atomic', [
  {
    name: 'the reader forgets what it has read',
    line: `        state.stored = highest([...state.readlist.values(), state.stored])
        state.readlist.clear()
        ooar.readReturn(state.stored.val)`,
    wrong: `        const { val } = highest([...state.readlist.values(), state.stored])
        state.readlist.clear()
        ooar.readReturn(val)`,
    property: 'OOAR3',
  },
  {
    name: 'the reader may be none of those that it asks',
    line: 'state.readlist.set(self, state.stored)',
    wrong: '',
    property: 'OOAR1',
  },
  {
    name: 'the reader goes by what others say alone',
    line: 'highest([...state.readlist.values(), state.stored])',
    wrong: 'highest([...state.readlist].flatMap(([q, stamped]) => (q === self && state.readlist.size > 1 ? [] : [stamped])))',
    property: 'OOAR3',
  },
  { name: 'the answer to an earlier read counts', line: 'if (rid === state.rid) ', wrong: '', property: 'OOAR2', processes: 5 },
  { name: 'the acknowledgement of an earlier write counts', line: 'if (ts !== state.wts) return', wrong: '', property: 'OOAR2' },
  { name: 'an older value overwrites a newer one', isDeep: true, line: 'if (ts > state.stored.ts) ', wrong: '', property: 'OOAR2' },
  {
    name: 'f processes are a majority',
    line: 'quorum.size > processes',
    wrong: 'quorum.size >= processes',
    property: 'OOAR2',
    processes: 4,
  },
  { name: 'writes carry one timestamp', line: '      state.wts += 1\n', wrong: '      state.wts = 1\n', property: 'OOAR2' },
])

export const mutants = [...regular, ...oneOneAtomic, ...oneOneByVoting, ...oneNAtomic, ...atomic]
