import { type Trace, type TraceEntry, traceOf } from '@upon/trace'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { check, checkAll, UC4 } from './index'

const good = traceOf('uc: UniformConsensus', 'p1 > propose 5\np2 > propose 5\np3 > propose 5\np1 < decide 5\np2 < decide 5\np3 < decide 5')

const changed = (index: number, change: object): Trace => ({
  ...good,
  entries: good.entries.map((entry, i) => (i === index ? ({ ...entry, ...change } as TraceEntry) : entry)),
})

const inserted = (at: number, entry: object): Trace => {
  const entries = [...good.entries.slice(0, at), { timeMs: (at - 1) * 10, ...entry } as TraceEntry, ...good.entries.slice(at)]
  return { ...good, entries: entries.map((one, index) => ({ ...one, index })) }
}

test('a well-formed trace is judged', () => {
  expect(new Set(checkAll(good).map(({ holds }) => holds))).toEqual(new Set([true]))
})

test.each<[string, Trace, number, string]>([
  ['an event after a crash', inserted(3, { type: 'crash', process: 'p1' }), 4, 'p1 has an event after its crash'],
  ['an unknown process', changed(3, { process: 'p9' }), 3, '"p9" is not one of the processes'],
  ['a crash of an unknown process', inserted(3, { type: 'crash', process: 'p9' }), 3, '"p9" is not one of the processes'],
  ['a crash without a process', inserted(3, { type: 'crash' }), 3, 'it does not name the process of the crash'],
  ['a recovery of one that is up', inserted(3, { type: 'recover', process: 'p2' }), 3, 'p2 recovers, but had not crashed'],
  ['a time that goes back', changed(3, { timeMs: 15 }), 3, 'its time is 15 ms, but the entry before it is at 20 ms'],
  ['a time that is not a number', changed(3, { timeMs: Number.NaN }), 3, 'its time is NaN ms'],
  [
    'a request as an indication',
    changed(1, { direction: 'indication' }),
    1,
    'propose of UniformConsensus is a request, but is recorded as an indication',
  ],
  [
    'an indication as a request',
    changed(3, { direction: 'request' }),
    3,
    'decide of UniformConsensus is an indication, but is recorded as a request',
  ],
  ['no attributes', changed(3, { attributes: [] }), 3, 'decide of UniformConsensus has 0 attributes; expected 1: v'],
  ['too many attributes', changed(3, { attributes: [5, 6] }), 3, 'decide of UniformConsensus has 2 attributes'],
  ['an unknown event', changed(3, { event: 'decided' }), 3, 'UniformConsensus has no event "decided"; expected propose, decide'],
  [
    'another module on the same path',
    changed(3, { module: 'Consensus' }),
    3,
    'uc is of module "Consensus", but was of "UniformConsensus" before',
  ],
  ['an unknown module on the same path', changed(3, { module: 'UniformConsenus' }), 3, 'uc is of module "UniformConsenus"'],
])('%s is ill-formed: no property holds or is violated', (_, trace, index, why) => {
  const verdict = { property: 'well-formed', path: '', holds: 'ill-formed', why: `entry ${index}: ${why}`, events: [trace.entries[index]] }
  const verdicts = checkAll(trace)
  expect(verdicts).toHaveLength(1)
  expect(verdicts[0]).toMatchObject({ ...verdict, why: expect.stringContaining(verdict.why) })
  expect(check(trace, { name: 'UniformConsensus' })).toEqual(verdicts)
  expect(UC4(trace, 'uc')).toEqual(verdicts[0])
})

test.each([
  ['ec: EpochChange', 'p1 < startEpoch "10" "p1"', 'ts in startEpoch of EpochChange is "10"; expected a number'],
  ['ec: EpochChange', 'p1 < startEpoch 10 1', 'l in startEpoch of EpochChange is 1; expected the name of a process'],
  ['pl: PerfectPointToPointLinks', 'p1 > send 2 "a"', 'q in send of PerfectPointToPointLinks is 2'],
  ['frb: FIFOReliableBroadcast', 'p1 > broadcast', 'broadcast of FIFOReliableBroadcast has 0 attributes; expected 1: m'],
])('%s, %s', (instance, lines, why) => {
  expect(checkAll(traceOf(instance, lines))).toMatchObject([{ holds: 'ill-formed', why: expect.stringContaining(`entry 0: ${why}`) }])
})

test('an instance of an unknown module gets its own verdict, and the others are judged', () => {
  const trace = traceOf('uc: UniformConsensus', 'p1 > propose 5\nmy:Gossip p1 > tell "x"\np1 < decide 6')
  expect(checkAll(trace).map(({ property, path, holds }) => `${property} of ${path} ${holds}`)).toEqual([
    'well-formed of my ill-formed',
    'UC1 of uc unknown',
    'UC2 of uc false',
    'UC3 of uc true',
    'UC4 of uc true',
  ])
  expect(check(trace, { name: 'Gossip', properties: { G1: 'Everything (safety).' } })).toMatchObject([{ property: 'G1', holds: 'unknown' }])
})

test('a process may have events after its recovery', () => {
  const trace = traceOf('alo: AtLeastOncePointToPointLinks', 'p1 > send "p2" "a"\np2 crash\np2 recover\np2 < deliver "p1" "a"')
  expect(checkAll(trace).map(({ holds }) => holds)).toEqual([true, true])
})

test('a trace with any two entries swapped is ill-formed, not a violation', () => {
  const entries = fc.tuple(fc.nat({ max: good.entries.length - 1 }), fc.nat({ max: good.entries.length - 1 }))
  fc.assert(
    fc.property(entries, ([i, j]) => {
      const [one, other] = [good.entries[i]!, good.entries[j]!]
      const trace = { ...good, entries: good.entries.with(i, { ...other, index: i }).with(j, { ...one, index: j }) }
      expect(checkAll(trace)[0]?.holds).toBe(i === j ? true : 'ill-formed')
    }),
    { numRuns: 50 },
  )
})
