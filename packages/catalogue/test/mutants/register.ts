import { of } from './mutant'

const majority = 'quorum.size > processes.length / 2'
const quorumOfF = 'quorum.size >= Math.floor(processes.length / 2)'

export const mutants = [
  ...of('register/src/atomic/read-impose-write-consult-majority.ts', 'read-impose-write-consult-majority', [
    {
      name: 'a read does not impose what it returns',
      line: "        beb.broadcast({ kind: 'WRITE', rid, ...max }) // with the rank of its writer, not ours",
      wrong: '        { state.reading = false; nnar.readReturn(state.readval) }',
      property: 'NNAR2',
    },
    {
      name: 'a read imposes with its own rank',
      line: 'rid, ...max })',
      wrong: 'rid, ...max, wr: rank(self) })',
      property: 'NNAR2',
      processes: 3,
    },
    { name: 'a write does not consult', line: 'ts: max.ts + 1', wrong: 'ts: 1', property: 'NNAR2' },
    { name: 'ties ignore rank', line: 'a.ts > b.ts || (a.ts === b.ts && a.wr > b.wr)', wrong: 'a.ts > b.ts', property: 'NNAR2' },
    {
      name: 'a lower timestamp overwrites',
      line: 'if (isNewer({ ts, wr, val }, state.stored)) state.stored',
      wrong: 'state.stored',
      property: 'NNAR2',
    },
    { name: 'readId not raised', line: 'state.rid += 1', wrong: '', property: 'NNAR2' },
    { name: 'a register takes f for a majority', line: majority, wrong: quorumOfF, property: 'NNAR2' },
  ]),
]
