import { all, lines, type Row } from './rows'

const pfd = 'P: PerfectFailureDetector'
const epfd = 'eP: EventuallyPerfectFailureDetector'
const le = 'le: LeaderElection'
const eld = 'o: EventualLeaderDetector'
const led = lines(...all.map((p) => `${p} < leader "p3"`))
const trusted = lines(...all.map((p) => `${p} < trust "p3"`))

export const detectors: Row[] = [
  ['PFD1', pfd, 'p3 crash\np1 < crash "p3"', 'p3 crash\np1 < crash "p3"\np2 < crash "p3"'],
  ['PFD1', pfd, 'p3 crash\np2 crash\np1 < crash "p3"', 'p3 crash\np1 < crash "p3"\np2 crash\np1 crash'],
  ['PFD2', pfd, 'p1 < crash "p3"\np3 crash\np2 < crash "p3"', 'p3 crash\np1 < crash "p3"\np2 < crash "p3"'],
  ['PFD2', pfd, 'p1 < crash "p2"', 'p3 crash\np1 < crash "p3"\np2 < crash "p3"\np1 crash\np2 < crash "p1"'],
  ['EPFD1', epfd, 'p3 crash\np1 < suspect "p3"', 'p3 crash\np1 < suspect "p3"\np2 < suspect "p3"'],
  ['EPFD1', epfd, 'p1 < suspect "p3"\np2 < suspect "p3"\np1 < restore "p3"\np3 crash', 'p1 < suspect "p3"\np2 < suspect "p3"\np3 crash'],
  ['EPFD2', epfd, 'p1 < suspect "p2"', 'p1 < suspect "p2"\np1 < restore "p2"'],
  ['EPFD2', epfd, 'p1 < suspect "p9"', 'p1 < suspect "p1"\np1 < restore "p1"'],
  ['LE1', le, 'p1 < leader "p3"\np2 < leader "p3"\np3 crash', `${led}\np3 crash\np1 < leader "p2"\np2 < leader "p2"`],
  ['LE1', le, 'p1 < leader "p3"\np2 < leader "p3"', led],
  ['LE2', le, `p1 < leader "p2"\n${led}`, 'p1 < leader "p3"\np3 crash\np1 < leader "p2"\np2 < leader "p2"'],
  ['LE2', le, `${led}\np1 < leader "p2"\np3 crash\np2 < leader "p2"`, `${led}\np3 crash\np1 < leader "p2"\np2 < leader "p2"`],
  ['ELD1', eld, `${trusted}\np3 crash`, `${trusted}\np3 crash\np1 < trust "p2"\np2 < trust "p2"`],
  ['ELD1', eld, 'p1 < trust "p3"\np2 < trust "p3"', trusted],
  ['ELD1', eld, `${trusted}\np1 < trust "p9"`, trusted],
  ['ELD2', eld, `${trusted}\np1 < trust "p2"`, `${trusted}\np1 < trust "p2"\np1 < trust "p3"`],
  ['ELD2', eld, `${trusted}\np1 < trust "p2"`, `${trusted}\np1 < trust "p2"\np1 crash`],
]

const onrr = 'onrr: RegularRegister'
const onar = 'onar: OneNAtomicRegister'
const ooar = 'ooar: OneOneAtomicRegister'
const nnar = 'nnar: AtomicRegister'
const written = 'p1 > write 5\np1 < writeReturn'
const reads = (p: string, value: string) => `${p} > read\n${p} < readReturn ${value}`
const inversion = `${written}\np1 > write 6\n${reads('p2', '6')}\n${reads('p2', '5')}\np1 < writeReturn`

export const registers: Row[] = [
  ...(
    [
      ['ONRR', onrr],
      ['ONAR', onar],
      ['OOAR', ooar],
    ] as const
  ).flatMap(([name, instance]): Row[] => [
    [`${name}1`, instance, 'p1 > write 5', 'p1 > write 5\np1 crash'],
    [`${name}1`, instance, 'p2 > read', 'p2 > read\np2 crash'],
    [`${name}2`, instance, `${written}\n${reads('p2', '⊥')}`, `${reads('p2', '⊥')}\n${written}`],
    [`${name}2`, instance, `${written}\n${reads('p2', '"5"')}`, `${written}\n${reads('p2', '5')}`],
    [`${name}2`, instance, `${reads('p2', '5')}\n${written}`, `p1 > write 5\n${reads('p2', '5')}\np1 < writeReturn`],
    [`${name}2`, instance, `${written}\np2 < readReturn 5`, `p1 > write 5\np1 crash\n${reads('p2', '5')}\n${reads('p2', '5')}`],
  ]),
  ['ONAR3', onar, inversion, inversion.replace('readReturn 5', 'readReturn 6')],
  [
    'ONAR3',
    onar,
    `${written}\np1 > write 6\n${reads('p2', '6')}\n${reads('p3', '5')}\np1 crash`,
    `${written}\np1 > write 6\n${reads('p2', '5')}\n${reads('p3', '6')}\np1 crash`,
  ],
  ['OOAR3', ooar, inversion, inversion.replace('readReturn 6', 'readReturn 5')],
  ['NNAR1', nnar, 'p3 > read', 'p3 > read\np3 crash'],
  ['NNAR2', nnar, inversion, inversion.replace('readReturn 6', 'readReturn 5')],
  [
    'NNAR2',
    nnar,
    `${written}\np2 > write 6\np2 < writeReturn\n${reads('p3', '5')}`,
    `p1 > write 5\np2 > write 6\np2 < writeReturn\np1 < writeReturn\n${reads('p3', '5')}`,
  ],
  [
    'NNAR2',
    nnar,
    `p1 > write 5\n${reads('p3', '5')}\n${reads('p3', '⊥')}\np1 crash`,
    `p1 > write 5\n${reads('p3', '⊥')}\n${reads('p3', '5')}\np1 crash`,
  ],
  ['NNAR2', nnar, `${written}\np2 < writeReturn`, `${written}\np2 > write 5\np2 < writeReturn\n${reads('p3', '5')}`],
]

export const proposed = 'p1 > propose 5\np2 > propose 6\np3 > propose 6'
const decided = lines(...all.map((p) => `${p} < decide 6`))

export const consensusRows = (name: string, instance: string): Row[] => [
  [`${name}1`, instance, `${proposed}\np1 < decide 6\np2 < decide 6`, `${proposed}\np1 < decide 6\np2 < decide 6\np3 crash`],
  [`${name}2`, instance, `${proposed}\n${decided.replaceAll('6', '9')}`, `${proposed}\n${decided}`],
  [
    `${name}2`,
    instance,
    `${proposed}\n${decided.replaceAll('6', '"6"')}`,
    `${proposed.replaceAll('6', '{"a":1,"b":2}')}\n${decided.replaceAll('6', '{"b":2,"a":1}')}`,
  ],
  [
    `${name}2`,
    instance,
    `p1 > propose 5\np1 < decide 6\np2 > propose 6\np3 > propose 6\np2 < decide 6\np3 < decide 6`,
    `${proposed}\n${decided}`,
  ],
  [`${name}3`, instance, `${proposed}\n${decided}\np3 < decide 6`, `${proposed}\n${decided}`],
  [
    `${name}3`,
    instance,
    'p1 > propose 5\np2 > propose 6\np1 < decide 5\np1 < decide 6\np1 crash\np2 crash\np3 crash',
    'p1 > propose 5\np1 < decide 5\np1 crash\np2 crash\np3 crash',
  ],
]
export const consensus: Row[] = [
  ...consensusRows('C', 'c: Consensus'),
  ...consensusRows('UC', 'uc: UniformConsensus'),
  [
    'C4',
    'c: Consensus',
    `${proposed}\np1 < decide 5\np2 < decide 6\np3 < decide 6`,
    `${proposed}\np1 < decide 5\np1 crash\np2 < decide 6\np3 < decide 6`,
  ],
  [
    'UC4',
    'uc: UniformConsensus',
    `${proposed}\np1 < decide 5\np1 crash\np2 < decide 6\np3 < decide 6`,
    `${proposed}\np1 < decide 6\np1 crash\np2 < decide 6\np3 < decide 6`,
  ],
]

const ec = 'uc.ec: EpochChange'
const ep = 'uc.ep[3]: EpochConsensus'
const startsOf = (processes: readonly string[], ts: number, l: string) =>
  lines(...processes.map((p) => `uc.ec:EpochChange ${p} < startEpoch ${ts} "${l}"`))
const starts = (ts: number, l: string) => startsOf(all, ts, l)
const epoch = `${starts(3, 'p3')}\np3 > propose 5`
const agreed = lines(...all.map((p) => `${p} < decide 5`))
const earlier = 'uc.ep[2]:EpochConsensus'
const before = `${starts(2, 'p2')}\n${earlier} p2 > propose 6`
const aborted = lines(...all.map((p) => `${earlier} ${p} > abort\n${earlier} ${p} < aborted {"valts":0}`))

export const epochs: Row[] = [
  ['EC1', ec, `${starts(6, 'p3')}\n${starts(4, 'p1')}\n${starts(7, 'p1')}`, `${starts(4, 'p1')}\n${starts(6, 'p3')}`],
  [
    'EC1',
    ec,
    `${starts(6, 'p3')}\np1 < startEpoch 6 "p3"`,
    `p1 < startEpoch 7 "p1"\np1 < startEpoch 6 "p3"\np1 crash\np2 < startEpoch 9 "p2"\np3 < startEpoch 9 "p2"`,
  ],
  [
    'EC2',
    ec,
    `p1 < startEpoch 4 "p1"\np2 < startEpoch 4 "p2"\n${starts(6, 'p3')}`,
    `p1 < startEpoch 4 "p1"\np2 < startEpoch 5 "p2"\n${starts(6, 'p3')}`,
  ],
  [
    'EC2',
    ec,
    `p1 < startEpoch 4 "p1"\np2 < startEpoch 4 "p2"\n${starts(6, 'p3')}`,
    `p1 < startEpoch 4 "p1"\np1 crash\np2 < startEpoch 4 "p2"\np2 < startEpoch 6 "p3"\np3 < startEpoch 6 "p3"`,
  ],
  ['EC3', ec, `${starts(4, 'p1')}\np1 < startEpoch 6 "p3"`, `${starts(4, 'p1')}\n${starts(6, 'p3')}`],
  ['EC3', ec, `${starts(4, 'p1')}\np1 crash`, `${starts(4, 'p1')}\np1 crash\np2 < startEpoch 6 "p3"\np3 < startEpoch 6 "p3"`],
  ['EC3', ec, starts(4, 'p9'), starts(4, 'p1')],
  ['EP1', ep, `${epoch}\n${agreed.replaceAll('5', '9')}`, `${epoch}\n${agreed}`],
  [
    'EP1',
    ep,
    `${epoch}\np1 > propose 9\n${agreed.replaceAll('5', '9')}`,
    `${before}\n${aborted}\n${epoch}\n${agreed.replaceAll('5', '6')}`,
  ],
  [
    'EP1',
    ep,
    `${starts(3, 'p3')}\n${agreed}\np3 > propose 5`,
    `${starts(2, 'p2')}\n${earlier} p2 > abort\n${earlier} p2 < aborted 1\n${epoch}\n${agreed}\n${earlier} p2 > propose 5`,
  ],
  ['EP1', ep, `${epoch}\n${agreed.replaceAll('5', '"5"')}`, `${epoch}\np1 < decide 9\np1 crash\np2 < decide 9\np2 crash\np3 crash`],
  ['EP2', ep, `${before}\n${aborted}\n${epoch}\np1 < decide 5\np2 < decide 6\np3 < decide 5`, `${before}\n${aborted}\n${epoch}\n${agreed}`],
  [
    'EP2',
    ep,
    `${before}\n${aborted}\n${epoch}\np1 < decide 6\np1 crash\np2 < decide 5\np3 < decide 5`,
    `${before}\n${aborted}\n${epoch}\np1 crash\np2 < decide 5\np3 < decide 5`,
  ],
  ['EP3', ep, `${epoch}\n${agreed}\np1 < decide 5`, `${epoch}\n${agreed}\np1 < decide 5\np1 crash`],
  [
    'EP4',
    ep,
    `${before}\n${earlier} p2 < decide 6\n${aborted}\n${epoch}\n${agreed}`,
    `${before}\n${earlier} p2 < decide 6\n${aborted}\n${epoch}\n${agreed.replaceAll('5', '6')}`,
  ],
  [
    'EP4',
    ep,
    `${before}\n${earlier} p2 < decide 6\n${aborted}\n${epoch}\n${agreed}`,
    `${before}\n${earlier} p2 < decide 6\n${aborted}\n${epoch}\np2 crash\np1 < decide 5\np3 < decide 5`,
  ],
  ['EP5', ep, `${epoch}\np1 < decide 5\np3 < decide 5`, `${epoch}\np1 < decide 5\np2 > abort\np2 < aborted 1`],
  ['EP5', ep, `${epoch}\np1 < decide 5\np2 < decide 5`, `${epoch}\np1 < decide 5\np3 crash\n${startsOf(['p1', 'p2'], 6, 'p2')}`],
  ['EP5', ep, `${epoch}\np1 < decide 5\np3 < decide 5`, `${starts(3, 'p3')}\np1 > propose 5`],
  ['EP6', ep, `${starts(3, 'p3')}\np1 > abort`, `${starts(3, 'p3')}\np1 > abort\np1 > abort\np1 < aborted 1`],
  ['EP6', ep, `${starts(3, 'p3')}\np1 < aborted 1`, `${starts(3, 'p3')}\np2 > abort\np1 < aborted 1\np2 < aborted 1`],
  ['EP6', ep, `${starts(3, 'p3')}\np2 > abort\np2 crash\np1 < aborted 1`, `${starts(3, 'p3')}\np2 < aborted 1\np2 crash`],
]
