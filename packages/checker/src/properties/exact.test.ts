import { traceOf } from '@upon/trace'
import { expect, test } from 'vitest'
import { checkAll } from '../index'

/** All properties that a trace violates, whatever their module. */
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
  // one delivery too many
  [beb, `${once}\np2 < deliver "p1" "a"`, ['BEB2']],
  [rb, `${once}\np2 < deliver "p1" "a"`, ['RB2']],
  [urb, `${once}\np2 < deliver "p1" "a"`, ['URB2']],
  [urb, `${once}\np2 < deliver "p1" "a"\np2 crash`, ['URB2']],
  [tob, `${once}\np2 < deliver "p1" "a"`, ['TOB2']],
  [rb, `${twice}\np2 < deliver "p1" "a"`, ['RB2']],
  // what is alike and was broadcast twice is two messages
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
  // until then, not in the whole run
  [pl, 'p1 > send "p2" "a"\np2 < deliver "p1" "a"\np2 < deliver "p1" "a"\np1 > send "p2" "a"', ['PL2']],
  [pl, 'p1 > send "p2" "a"\np1 > send "p2" "a"\np2 < deliver "p1" "a"\np2 < deliver "p1" "a"', []],
  [pl, 'p1 > send "p2" "a"\np1 > send "p3" "a"\np2 < deliver "p1" "a"\np2 < deliver "p1" "a"\np3 < deliver "p1" "a"', ['PL2']],
  [pl, 'p2 < deliver "p1" "a"\np1 > send "p2" "a"', ['PL3']],
  [rb, `${toAll('"a"')}\np1 > broadcast "a"`, ['RB3']],
  [rb, toAll('"a"'), ['RB3']],
  [rb, `${toAll('"a"')}\np2 < deliver "p1" "a"`, ['RB2', 'RB3']],
  // values are compared as what they are
  [beb, `p1 > broadcast 1\n${toAll('"1"')}`, ['BEB1', 'BEB3']],
  [beb, `p1 > broadcast true\n${toAll('"true"')}`, ['BEB1', 'BEB3']],
  [beb, `p1 > broadcast {"a":1,"b":2}\n${toAll('{"b":2,"a":1}')}`, []],
  // only correct processes are bound
  [beb, 'p1 > broadcast "a"\np1 crash', []],
  [frb, 'p1 > broadcast "a"\np1 > broadcast "b"\np3 < deliver "p1" "b"\np3 crash\np1 crash', []],
  [crb, 'p1 > broadcast "a"\np1 > broadcast "b"\np3 < deliver "p1" "b"\np3 crash\np1 crash', ['CRB5']],
  [
    'uc.ep[3]: EpochConsensus',
    'uc.ec:EpochChange p1 < startEpoch 3 "p1"\np1 > propose 5\np2 < decide 6\np1 crash\np2 crash\nuc.ec:EpochChange p3 < startEpoch 3 "p1"\nuc.ec:EpochChange p3 < startEpoch 6 "p3"',
    [],
  ],
  // total order where one process lacks one of two that are alike
  [
    tob,
    'p1 > broadcast "a"\np2 > broadcast "b"\np1 > broadcast "a"\np1 < deliver "p1" "a"\np1 < deliver "p2" "b"\np3 < deliver "p2" "b"\np3 < deliver "p1" "a"',
    ['TOB1', 'TOB4'],
  ],
  [tob, `p1 > broadcast "a"\np2 > broadcast "b"\n${toAll('"a"')}\n${toAll('"b"', 'p2')}`, []],
  // two returns for one read: what came back is wrong, not its order
  ['ooar: OneOneAtomicRegister', 'p1 > write 5\np1 < writeReturn\np2 > read\np2 < readReturn 5\np2 < readReturn 5', ['OOAR2']],
] as const)('%s, %j: %j', (instance, lines, expected) => {
  expect(violated(instance, lines)).toEqual(expected)
})

const epochs = (decisions: Readonly<Record<number, string>>): string[] =>
  Object.entries(decisions).map(([ts, v]) => `uc.ep[${ts}]:EpochConsensus p1 > propose ${v}\nuc.ep[${ts}]:EpochConsensus p1 < decide ${v}`)

test('EP4 lock-in: what was decided in any earlier epoch counts, however many lie between', () => {
  const lines = `${epochs({ 1: '5', 4: '5', 10: '6' }).join('\n')}\nuc.ep[9]:EpochConsensus p1 > propose 5`
  const verdicts = checkAll(traceOf('uc.ep[1]: EpochConsensus', lines)).filter(
    ({ holds, property }) => holds === false && property === 'EP4',
  )
  expect(verdicts.map(({ path, why }) => [path, why])).toEqual([
    ['uc.ep[10]', 'p1 decided 6 in epoch 10, though p1 had decided 5 in epoch 1'],
  ])
})

test('FLL2 asks nothing of a sender that crashed', () => {
  const lines = `p1 > send "p2" "a"\n${'p2 < deliver "p1" "a"\n'.repeat(1000)}`
  expect(violated('fll: FairLossPointToPointLinks', lines)).toEqual(['FLL2'])
  expect(violated('fll: FairLossPointToPointLinks', `${lines}p1 crash`)).toEqual([])
})
