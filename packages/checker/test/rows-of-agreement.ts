import { all, lines, type Row } from './rows'
import { consensusRows, proposed } from './rows-of-the-others'

const utrb = 'utrb[p1]: UniformTerminatingReliableBroadcast'
const sent = 'p1 > broadcast "a"'
const delivers = (what: string, ...processes: readonly string[]) => lines(...processes.map((p) => `${p} < deliver "p1" ${what}`))
const a = '{"m":"a"}'
const failed = '"FAILED"'

const terminating: Row[] = [
  ['UTRB1', utrb, `${sent}\n${delivers(failed, ...all)}`, `${sent}\n${delivers(failed, 'p2', 'p3')}\np1 crash`],
  ['UTRB1', utrb, `${sent}\n${delivers(failed, ...all)}`, `${sent}\n${delivers(a, ...all)}`],
  ['UTRB2', utrb, `${sent}\n${delivers(a, ...all)}\n${delivers(a, 'p3')}`, `${sent}\n${delivers(a, ...all)}`],
  ['UTRB2', utrb, `${sent}\np1 crash`, `${sent}\np1 crash\n${delivers(failed, 'p2', 'p3')}`],
  ['UTRB3', utrb, `${sent}\np1 crash\n${delivers('{"m":"b"}', 'p2', 'p3')}`, `${sent}\np1 crash\n${delivers(a, 'p2', 'p3')}`],
  ['UTRB3', utrb, `${delivers(a, 'p2', 'p3')}\n${sent}\np1 crash`, `${sent}\n${delivers(a, 'p2', 'p3')}\np1 crash`],
  ['UTRB3', utrb, `p1 crash\n${delivers(failed, 'p2', 'p3').replaceAll('"p1"', '"p2"')}`, `p1 crash\n${delivers(failed, 'p2', 'p3')}`],
  ['UTRB4', utrb, `${sent}\np1 crash\n${delivers(a, 'p2')}\n${delivers(failed, 'p3')}`, `${sent}\np1 crash\n${delivers(a, 'p2', 'p3')}`],
  [
    'UTRB4',
    utrb,
    `${sent}\n${delivers(a, 'p1')}\np1 crash\n${delivers(failed, 'p2', 'p3')}`,
    `${sent}\n${delivers(a, 'p2')}\np2 crash\n${delivers(a, 'p1', 'p3')}`,
  ],
]

const ufc = 'ufc: UniformFastConsensus'
const unanimous = 'p1 > propose 5\np2 > propose 5\np3 > propose 5'
/** An event of p2 that the proposal of p1 caused, of a module without properties. */
const toP2 = 'timer:Timer p2 < timeout ← 0'
const slow = `${unanimous}\n${toP2}\np3 < decide 5 ← 3\np1 < decide 5 ← 0\np2 < decide 5 ← 0`

const fast: Row[] = [
  ...consensusRows('UFC', ufc),
  ['UFC1', ufc, slow, `${unanimous}\n${toP2}\np2 < decide 5 ← 3\np1 < decide 5 ← 0\np3 < decide 5 ← 2`],
  ['UFC1', ufc, slow, slow.replace('p1 > propose 5', 'p1 > propose 6')],
  [
    'UFC4',
    ufc,
    `${proposed}\np1 < decide 5\np1 crash\np2 < decide 6\np3 < decide 6`,
    `${proposed}\np1 < decide 6\np1 crash\np2 < decide 6\np3 < decide 6`,
  ],
]

const nbac = 'nbac: NonBlockingAtomicCommit'
const votes = (third: string) => `p1 > propose "COMMIT"\np2 > propose "COMMIT"\np3 > propose "${third}"`
const decide = (what: string, ...processes: readonly string[]) => lines(...processes.map((p) => `${p} < decide "${what}"`))
const [commit, abort] = [decide('COMMIT', ...all), decide('ABORT', ...all)]

const commits: Row[] = [
  ['NBAC1', nbac, `${votes('COMMIT')}\n${decide('COMMIT', 'p1', 'p2')}`, `${votes('COMMIT')}\n${decide('COMMIT', 'p1', 'p2')}\np3 crash`],
  ['NBAC2', nbac, `${votes('COMMIT')}\n${abort}`, `${votes('ABORT')}\n${abort}`],
  [
    'NBAC2',
    nbac,
    `${votes('COMMIT')}\n${decide('ABORT', 'p1')}\np3 crash\n${decide('ABORT', 'p2')}`,
    `${votes('COMMIT')}\np3 crash\n${decide('ABORT', 'p1', 'p2')}`,
  ],
  ['NBAC3', nbac, `${votes('ABORT')}\n${commit}`, `${votes('COMMIT')}\n${commit}`],
  [
    'NBAC3',
    nbac,
    `p1 > propose "COMMIT"\n${commit}\np2 > propose "ABORT"\np3 crash`,
    `p1 > propose "COMMIT"\n${commit}\np2 > propose "COMMIT"\np3 crash`,
  ],
  ['NBAC4', nbac, `${votes('ABORT')}\n${abort}\n${decide('ABORT', 'p3')}`, `${votes('ABORT')}\n${abort}`],
  [
    'NBAC5',
    nbac,
    `${votes('COMMIT')}\np3 crash\n${decide('ABORT', 'p1')}\n${decide('COMMIT', 'p2')}`,
    `${votes('COMMIT')}\np3 crash\n${decide('COMMIT', 'p1', 'p2')}`,
  ],
]

export const agreement: Row[] = [...terminating, ...fast, ...commits]
