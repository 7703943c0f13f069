import { all, lines, type Row } from './rows'

const toAll = (message = '"a"', from = 'p1') => lines(...all.map((p) => `${p} < deliver "${from}" ${message}`))
const onceToAll = `p1 > broadcast "a"\n${toAll()}`
const many = (line: string, times = 3) => `${line}\n`.repeat(times)
const sent = 'p1 > send "p2" "a"'
const delivered = 'p2 < deliver "p1" "a"'
const pl = 'pl: PerfectPointToPointLinks'
const fll = 'fll: FairLossPointToPointLinks'
const sl = 'sl: StubbornPointToPointLinks'

const sentNext = 'p1 > send "p2" "b"'
const deliveredNext = 'p2 < deliver "p1" "b"'
const fpl = 'fpl: FIFOPerfectPointToPointLinks'

const perfectRows = (name: string, instance: string): Row[] => [
  [`${name}1`, instance, lines(sent, sent, delivered), lines(sent, sent, delivered, delivered)],
  [`${name}1`, instance, 'p1 > send "p1" "a"', 'p1 > send "p1" "a"\np1 < deliver "p1" "a"'],
  [`${name}2`, instance, lines(sent, delivered, delivered, sent), lines(sent, delivered, sent, delivered)],
  [`${name}2`, instance, lines(sent, delivered, delivered), lines(sent, delivered, 'p3 > send "p2" "a"', 'p2 < deliver "p3" "a"')],
  [
    `${name}3`,
    instance,
    `${sent}\n${delivered}\np2 < deliver "p3" "a"`,
    `${sent}\n${delivered}\np3 > send "p2" "a"\np2 < deliver "p3" "a"`,
  ],
  [
    `${name}3`,
    instance,
    `${sent}\n${delivered}\np2 < deliver "p1" {"a":1}`,
    'p1 > send "p2" {"b":2,"a":[1]}\np2 < deliver "p1" {"a":[1],"b":2}',
  ],
  [`${name}3`, instance, lines(delivered, sent), lines(sent, delivered)],
]

export const links: Row[] = [
  ['FLL1', fll, many(sent), lines(many(sent), delivered)],
  ['FLL1', fll, many(sent), `${many(sent)}p2 crash`],
  ['FLL1', fll, many(sent), many(sent, 2)],
  ['FLL2', fll, lines(sent, many(delivered)), lines(sent, many(delivered, 2))],
  ['FLL3', fll, lines(delivered, sent), lines(sent, delivered)],
  ['SL1', sl, lines(sent, many(delivered, 2)), lines(sent, many(delivered))],
  ['SL2', sl, lines(delivered, sent, many(delivered)), lines(sent, many(delivered))],
  ['ALO1', 'alo: AtLeastOncePointToPointLinks', sent, lines(sent, delivered, delivered)],
  ['ALO2', 'alo: AtLeastOncePointToPointLinks', lines(delivered, sent), `${sent}\np2 crash\np2 recover\n${delivered}`],
  ...perfectRows('PL', pl),
  ...perfectRows('FPL', fpl),
  ['FPL4', fpl, lines(sent, sentNext, deliveredNext, delivered), lines(sent, sentNext, delivered, deliveredNext)],
  ['FPL4', fpl, lines(sent, sentNext, deliveredNext, 'p1 crash'), lines(sent, sentNext, deliveredNext, 'p2 crash')],
  [
    'FPL4',
    fpl,
    lines(sent, sentNext, sent, delivered, delivered, deliveredNext),
    lines(sent, sentNext, sent, delivered, deliveredNext, delivered),
  ],
  ['FPL4', fpl, lines(sent, sentNext, deliveredNext, delivered), lines(sent, 'p1 > send "p3" "b"', 'p3 < deliver "p1" "b"', delivered)],
  ['FPL4', fpl, lines(sent, sentNext, deliveredNext, delivered), lines(sent, 'p3 > send "p2" "b"', 'p2 < deliver "p3" "b"', delivered)],
]

const broadcastRows = (name: string, instance: string, isUniform: boolean): Row[] => [
  [`${name}1`, instance, 'p1 > broadcast "a"', `p1 > broadcast "a"\np1 crash`],
  [`${name}2`, instance, `${onceToAll}\np3 < deliver "p1" "a"`, `${onceToAll}\n${onceToAll}`],
  [`${name}2`, instance, `${onceToAll}\np3 < deliver "p1" "a"\np3 crash`, `${onceToAll}\np2 > broadcast "a"\n${toAll('"a"', 'p2')}`],
  [`${name}3`, instance, `p2 < deliver "p1" "a"\np1 > broadcast "a"\np1 < deliver "p1" "a"\np3 < deliver "p1" "a"`, onceToAll],
  [`${name}3`, instance, `${onceToAll}\n${toAll('"a"', 'p2')}`, `${onceToAll}\np2 > broadcast "a"\n${toAll('"a"', 'p2')}`],
  [`${name}3`, instance, `${toAll('1')}\np1 > broadcast 1`, `p1 > broadcast "1"\n${toAll('"1"')}`],
  isUniform
    ? [`${name}4`, instance, 'p1 > broadcast "a"\np1 < deliver "p1" "a"\np1 crash', `p1 > broadcast "a"\n${toAll()}\np1 crash`]
    : [`${name}4`, instance, 'p1 > broadcast "a"\np2 < deliver "p1" "a"\np1 crash', 'p1 > broadcast "a"\np1 < deliver "p1" "a"\np1 crash'],
]

const beb = 'beb: BestEffortBroadcast'
const pb = 'pb: ProbabilisticBroadcast'
const frb = 'frb: FIFOReliableBroadcast'
const tob = 'tob: TotalOrderBroadcast'
const utob = 'utob: UniformTotalOrderBroadcast'
const two = 'p1 > broadcast "a"\np1 > broadcast "b"'
const answer = `p1 > broadcast "a"\np1 < deliver "p1" "a"\np2 < deliver "p1" "a"\np2 > broadcast "b"`
const answered = `${answer}\np1 < deliver "p2" "b"\np2 < deliver "p2" "b"`
const apart = 'p1 > broadcast "a"\np2 > broadcast "b"'
const inOrder = (p: string) => `${p} < deliver "p1" "a"\n${p} < deliver "p2" "b"`
const otherWay = (p: string) => `${p} < deliver "p2" "b"\n${p} < deliver "p1" "a"`

export const broadcasts: Row[] = [
  ...broadcastRows('BEB', beb, false).filter(([property]) => property !== 'BEB4'),
  ['BEB1', beb, 'p1 > broadcast "a"\np1 < deliver "p1" "a"\np2 < deliver "p1" "a"', onceToAll.replace(/p3.*$/, 'p3 crash')],
  ...broadcastRows('PB', pb, false).filter(([property]) => property === 'PB2' || property === 'PB3'),
  ['PB1', pb, onceToAll.replace(/p3.*$/, ''), onceToAll],
  ['PB1', pb, onceToAll.replace(/p3.*$/, ''), onceToAll.replace(/p3.*$/, 'p3 crash')],
  ...broadcastRows('RB', 'rb: ReliableBroadcast', false),
  ...broadcastRows('URB', 'urb: UniformReliableBroadcast', true),
  ...broadcastRows('FRB', frb, false),
  ...broadcastRows('CRB', 'crb: CausalOrderReliableBroadcast', false),
  ...broadcastRows('CURB', 'curb: CausalOrderUniformReliableBroadcast', true),
  ...broadcastRows('TOB', tob, false),
  ...broadcastRows('UTOB', utob, true),
  ['FRB5', frb, `${two}\n${toAll('"b"')}\n${toAll('"a"')}`, `${apart}\n${toAll('"b"', 'p2')}\n${toAll('"a"')}`],
  ['FRB5', frb, `${two}\n${toAll('"b"')}\n${toAll('"a"')}`, `${two}\np1 < deliver "p1" "b"\np1 crash`],
  ['FRB5', frb, `${two}\n${toAll('"b"')}\n${toAll('"a"')}`, `${answered}\np3 < deliver "p2" "b"\np3 < deliver "p1" "a"`],
  ...(['CRB', 'CURB'] as const).map((name): Row => {
    const instance = `${name.toLowerCase()}: CausalOrder${name === 'CURB' ? 'Uniform' : ''}ReliableBroadcast`
    return [`${name}5`, instance, `${answered}\n${otherWay('p3')}`, `${answered}\n${inOrder('p3')}`]
  }),
  [
    'CRB5',
    'crb: CausalOrderReliableBroadcast',
    `${answered}\np3 < deliver "p2" "b"\np3 crash`,
    `${apart}\n${inOrder('p1')}\n${inOrder('p2')}\n${otherWay('p3')}`,
  ],
  ['TOB5', tob, `${apart}\n${inOrder('p1')}\n${inOrder('p2')}\n${otherWay('p3')}`, `${apart}\n${all.map(otherWay).join('\n')}`],
  [
    'TOB5',
    tob,
    `${apart}\n${inOrder('p1')}\n${inOrder('p2')}\n${otherWay('p3')}`,
    `${apart}\n${inOrder('p1')}\n${inOrder('p2')}\n${otherWay('p3')}\np3 crash`,
  ],
  [
    'UTOB5',
    utob,
    `${apart}\n${inOrder('p1')}\n${inOrder('p2')}\n${otherWay('p3')}\np3 crash`,
    `${apart}\n${inOrder('p1')}\n${inOrder('p2')}\np3 < deliver "p2" "b"\np3 crash`,
  ],
]
