import { traceOf } from '@upon/trace'
import { expect, test } from 'vitest'
import { checkAll } from '../index'

/** All properties of any module that a trace violates. */
function violated(instance: string, lines: string): string[] {
  const verdicts = checkAll(traceOf(instance, lines))
  return verdicts.filter(({ holds }) => holds !== true).map(({ property, holds }) => (holds === false ? property : `${property} ${holds}`))
}

const toAll = (message: string, from = 'p1') => ['p1', 'p2', 'p3'].map((p) => `${p} < deliver "${from}" ${message}`).join('\n')
const rb = 'rb: ReliableBroadcast'
const urb = 'urb: UniformReliableBroadcast'
const beb = 'beb: BestEffortBroadcast'
const pl = 'pl: PerfectPointToPointLinks'
const frb = 'frb: FIFOReliableBroadcast'
const crb = 'crb: CausalOrderReliableBroadcast'
const tob = 'tob: TotalOrderBroadcast'
const once = `p1 > broadcast "a"\n${toAll('"a"')}`
const twice = `p1 > broadcast "a"\n${once}\n${toAll('"a"')}`

test.each([
  // one delivery more than broadcasts
  [beb, `${once}\np2 < deliver "p1" "a"`, ['BEB2']],
  [rb, `${once}\np2 < deliver "p1" "a"`, ['RB2']],
  [urb, `${once}\np2 < deliver "p1" "a"`, ['URB2']],
  [urb, `${once}\np2 < deliver "p1" "a"\np2 crash`, ['URB2']],
  [tob, `${once}\np2 < deliver "p1" "a"`, ['TOB2']],
  [rb, `${twice}\np2 < deliver "p1" "a"`, ['RB2']],
  // equal contents that were broadcast twice are two messages
  [beb, twice, []],
  [rb, twice, []],
  [urb, twice, []],
  [frb, twice, []],
  [crb, twice, []],
  [tob, twice, []],
  [beb, twice.replace(/\np3 < deliver "p1" "a"$/, ''), ['BEB1']],
  [rb, twice.replace(/\np3 < deliver "p1" "a"$/, ''), ['RB4']],
  [rb, `${twice.replace(/\np3 < deliver "p1" "a"$/, '')}\np1 crash`, ['RB4']],
  [urb, `p1 > broadcast "a"\n${once}\np1 < deliver "p1" "a"\np1 crash`, ['URB4']],
  [rb, `p1 > broadcast "a"\n${once}\np1 < deliver "p1" "a"\np1 crash`, []],
  [frb, `p1 > broadcast "a"\np1 > broadcast "b"\np1 > broadcast "a"\n${toAll('"a"')}\n${toAll('"a"')}\n${toAll('"b"')}`, ['FRB5']],
  [frb, `p1 > broadcast "a"\np1 > broadcast "b"\np1 > broadcast "a"\n${toAll('"a"')}\n${toAll('"b"')}\n${toAll('"a"')}`, []],
  // sendings count up to the delivery, not in the whole run
  [pl, 'p1 > send "p2" "a"\np2 < deliver "p1" "a"\np2 < deliver "p1" "a"\np1 > send "p2" "a"', ['PL2']],
  [pl, 'p1 > send "p2" "a"\np1 > send "p2" "a"\np2 < deliver "p1" "a"\np2 < deliver "p1" "a"', []],
  [pl, 'p1 > send "p2" "a"\np1 > send "p3" "a"\np2 < deliver "p1" "a"\np2 < deliver "p1" "a"\np3 < deliver "p1" "a"', ['PL2']],
  [pl, 'p2 < deliver "p1" "a"\np1 > send "p2" "a"', ['PL3']],
  [rb, `${toAll('"a"')}\np1 > broadcast "a"`, ['RB3']],
  [rb, toAll('"a"'), ['RB3']],
  [rb, `${toAll('"a"')}\np2 < deliver "p1" "a"`, ['RB2', 'RB3']],
  // values of different types differ
  [beb, `p1 > broadcast 1\n${toAll('"1"')}`, ['BEB1', 'BEB3']],
  [beb, `p1 > broadcast true\n${toAll('"true"')}`, ['BEB1', 'BEB3']],
  [beb, `p1 > broadcast {"a":1,"b":2}\n${toAll('{"b":2,"a":1}')}`, []],
  // some properties bind only correct processes
  [beb, 'p1 > broadcast "a"\np1 crash', []],
  [frb, 'p1 > broadcast "a"\np1 > broadcast "b"\np3 < deliver "p1" "b"\np3 crash\np1 crash', []],
  [crb, 'p1 > broadcast "a"\np1 > broadcast "b"\np3 < deliver "p1" "b"\np3 crash\np1 crash', ['CRB5']],
  [
    'uc.ep[3]: EpochConsensus',
    'uc.ec:EpochChange p1 < startEpoch 3 "p1"\np1 > propose 5\np2 < decide 6\np1 crash\np2 crash\nuc.ec:EpochChange p3 < startEpoch 3 "p1"\nuc.ec:EpochChange p3 < startEpoch 6 "p3"',
    [],
  ],
  // total order where one process lacks one of two equal messages
  [
    tob,
    'p1 > broadcast "a"\np2 > broadcast "b"\np1 > broadcast "a"\np1 < deliver "p1" "a"\np1 < deliver "p2" "b"\np3 < deliver "p2" "b"\np3 < deliver "p1" "a"',
    ['TOB1', 'TOB4'],
  ],
  [tob, `p1 > broadcast "a"\np2 > broadcast "b"\n${toAll('"a"')}\n${toAll('"b"', 'p2')}`, []],
  // two returns for one read violate validity, not ordering
  ['ooar: OneOneAtomicRegister', 'p1 > write 5\np1 < writeReturn\np2 > read\np2 < readReturn 5\np2 < readReturn 5', ['OOAR2']],
] as const)('%s, %j: %j', (instance, lines, expected) => {
  expect(violated(instance, lines)).toEqual(expected)
})

const epochs = (decisions: Readonly<Record<number, string>>): string[] =>
  Object.entries(decisions).map(([ts, v]) => `uc.ep[${ts}]:EpochConsensus p1 > propose ${v}\nuc.ep[${ts}]:EpochConsensus p1 < decide ${v}`)

test('EP4 lock-in: decisions of all earlier epochs count, not only of the previous one', () => {
  const lines = `${epochs({ 1: '5', 4: '5', 10: '6' }).join('\n')}\nuc.ep[9]:EpochConsensus p1 > propose 5`
  const verdicts = checkAll(traceOf('uc.ep[1]: EpochConsensus', lines)).filter(
    ({ holds, property }) => holds === false && property === 'EP4',
  )
  expect(verdicts.map(({ path, why }) => [path, why])).toEqual([
    ['uc.ep[10]', 'p1 decided 6 in epoch 10, though p1 had decided 5 in epoch 1'],
  ])
})

test('FLL2 requires nothing of a sender that crashed', () => {
  const lines = `p1 > send "p2" "a"\n${'p2 < deliver "p1" "a"\n'.repeat(1000)}`
  expect(violated('fll: FairLossPointToPointLinks', lines)).toEqual(['FLL2'])
  expect(violated('fll: FairLossPointToPointLinks', `${lines}p1 crash`)).toEqual([])
})

const toAllDecide = (prefix: string, value: number) => ['p1', 'p2', 'p3'].map((p) => `${prefix}${p} < decide ${value}`).join('\n')

const ep3 = 'uc.ep[3]: EpochConsensus'
const epoch3 = ['p1', 'p2', 'p3'].map((p) => `uc.ec:EpochChange ${p} < startEpoch 3 "p3"`).join('\n')
const proposed = 'p1 > broadcast "a"\np2 > broadcast "b"'
const order = (p: string, ...messages: string[]) => messages.map((m) => `${p} < deliver "${m === 'a' ? 'p1' : 'p2'}" "${m}"`).join('\n')

test.each<[string, string, string, string[]]>([
  [
    'EP4: every decision of an epoch counts, not only the first',
    ep3,
    `uc.ec:EpochChange p2 < startEpoch 2 "p2"\nuc.ep[2]:EpochConsensus p2 > propose 6\nuc.ep[2]:EpochConsensus p2 < decide 6\nuc.ep[2]:EpochConsensus p2 > abort\nuc.ep[2]:EpochConsensus p2 < aborted 1\n${epoch3}\np3 > propose 5\np1 < decide 6\np2 < decide 5\np3 < decide 6`,
    ['EP2', 'EP4'],
  ],
  [
    'EP4: another consensus may decide otherwise',
    ep3,
    `ub.ep[2]:EpochConsensus p2 > propose 6\n${toAllDecide('ub.ep[2]:EpochConsensus ', 6)}\n${epoch3}\np3 > propose 5\n${toAllDecide('', 5)}`,
    [],
  ],
  [
    'EP1: the leader is that of the epoch change beside it',
    ep3,
    `${epoch3.replaceAll('uc.ec', 'ub.ec').replaceAll('"p3"', '"p1"')}\n${epoch3}\np3 > propose 5\n${toAllDecide('', 5)}`,
    [],
  ],
  [
    'EP1: the leader of epoch 0 has the highest rank',
    'uc.ep[0]: EpochConsensus',
    `p3 > propose 5\np1 > propose 9\n${toAllDecide('', 9)}`,
    ['EP1'],
  ],
  [
    'EP5: the abort of a process that crashed is no excuse for others',
    ep3,
    `${epoch3}\np3 > propose 5\np1 > abort\np1 crash\np2 < decide 5`,
    ['EP5'],
  ],
  [
    'EC3: one timestamp, but two leaders',
    'uc.ec: EpochChange',
    'p1 < startEpoch 4 "p1"\np2 < startEpoch 4 "p2"\np3 < startEpoch 4 "p1"',
    ['EC2', 'EC3'],
  ],
  [
    'UC2: the first proposal of a value counts',
    'uc: UniformConsensus',
    'p1 > propose 5\np1 < decide 5\np2 > propose 5\np3 > propose 5\np2 < decide 5\np3 < decide 5',
    [],
  ],
  [
    'UC1 needs no proposal of a process that crashed',
    'uc: UniformConsensus',
    'p3 crash\np1 > propose 5\np2 > propose 5\np1 < decide 5',
    ['UC1'],
  ],
  ['PFD2: a process that crashed and recovered had crashed', 'pfd: PerfectFailureDetector', 'p3 crash\np3 recover\np1 < crash "p3"', []],
  ['PL: ⊥ is a message', pl, 'p1 > send "p2" ⊥\np2 < deliver "p1" ⊥', []],
  [
    'TOB5 ignores a repeated delivery',
    tob,
    `${proposed}\n${order('p1', 'a', 'b', 'a')}\n${order('p2', 'a', 'a', 'b')}\n${order('p3', 'a', 'b')}`,
    ['TOB2'],
  ],
  [
    'TOB5: any two messages, not only those beside the first',
    tob,
    `${proposed}\np3 > broadcast "c"\n${['p1', 'p3'].map((p) => `${order(p, 'a', 'b')}\n${p} < deliver "p3" "c"`).join('\n')}\n${order('p2', 'a')}\np2 < deliver "p3" "c"\n${order('p2', 'b')}`,
    ['TOB5'],
  ],
  [
    'UTOB5: any two processes',
    'utob: UniformTotalOrderBroadcast',
    `${proposed}\n${order('p1', 'a', 'b')}\n${order('p2', 'a')}\n${order('p3', 'b', 'a')}\np2 crash`,
    ['UTOB5'],
  ],
  [
    'FLL2: the bound is per sending',
    'fll: FairLossPointToPointLinks',
    `p1 > send "p2" "a"\np1 > send "p2" "a"\n${'p2 < deliver "p1" "a"\n'.repeat(1500)}`,
    [],
  ],
  [
    'registers: a return belongs to the operation of its kind',
    'onrr: RegularRegister',
    'p1 > read\np1 > write 5\np1 < readReturn ⊥\np1 < writeReturn\np2 > read\np2 < readReturn 5',
    [],
  ],
])('%s', (_, instance, lines, expected) => {
  expect(violated(instance, lines)).toEqual(expected)
})
