import { traceOf } from '@upon/trace'
import { expect, test } from 'vitest'
import { agreementCases } from '../../test/agreement-cases'
import { type Case, detectorCases } from '../../test/detector-cases'
import { sequenceCases } from '../../test/sequence-cases'
import { check, type PropertyVerdict, properties } from '../index'

const pl = 'pl: PerfectPointToPointLinks'
const fll = 'fll: FairLossPointToPointLinks'
const sl = 'sl: StubbornPointToPointLinks'
const alo = 'alo: AtLeastOncePointToPointLinks'
const beb = 'beb: BestEffortBroadcast'
const nnar = 'nnar[x]: AtomicRegister'
const ec = 'uc.ec: EpochChange'
const ep = 'uc.ep[3]: EpochConsensus'
const uc = 'uc: UniformConsensus'

const sentAndDelivered = `
  p1 > send "p2" "a"
  p2 < deliver "p1" "a"`
const toAll = `
  p1 > broadcast "a"
  p1 < deliver "p1" "a"
  p2 < deliver "p1" "a"
  p3 < deliver "p1" "a"`
const decided = `
  p1 > propose 5
  p2 > propose 6
  p3 > propose 7
  p1 < decide 6
  p2 < decide 6
  p3 < decide 6`
const epoch = `
  uc.ec:EpochChange p1 < startEpoch 3 "p3"
  p3 > propose 5
  p1 < decide 5
  p2 < decide 5
  p3 < decide 5`
const started = `
  p1 < startEpoch 4 "p1"
  p1 < startEpoch 6 "p3"
  p2 < startEpoch 6 "p3"
  p3 < startEpoch 6 "p3"`
const read = `
  p1 > write 5
  p2 > read
  p2 < readReturn ⊥
  p2 > read
  p1 < writeReturn
  p2 < readReturn 5`

const many = (line: string): string => `${line}\n`.repeat(1000)

const fifoCase = (property: string, instance: string, send: string): Case => ({
  property,
  instance,
  holds: `p1 > ${send} "a"\np1 > ${send} "b"\np2 < deliver "p1" "a"\np2 < deliver "p1" "b"`,
  violated: [[`p1 > ${send} "a"\np1 > ${send} "b"\np2 < deliver "p1" "b"`, 'without having delivered "a"']],
})

const broadcastCases = (prefix: string, instance: string): Case[] => [
  {
    property: `${prefix}2`,
    instance,
    holds: toAll,
    violated: [[`${toAll}\np3 < deliver "p1" "a"`, 'p3 delivered "a" from p1 twice, though it was sent once']],
  },
  {
    property: `${prefix}3`,
    instance,
    holds: toAll,
    violated: [
      [`${toAll}\np3 < deliver "p2" "a"`, 'p3 delivered "a" from p2, but p2 never sent it'],
      ['p3 < deliver "p1" "a"\np1 > broadcast "a"', 'sent it only later'],
    ],
  },
]

const cases: Case[] = [
  {
    property: 'PL1',
    instance: pl,
    holds: `${sentAndDelivered}\np1 > send "p3" "b"\np3 crash`,
    violated: [
      ['p1 > send "p2" "a"', 'p1 sent "a" to p2 once, both are correct, but p2 never delivered it'],
      [`${sentAndDelivered}\np1 > send "p2" "a"`, 'delivered it only once'],
    ],
  },
  { property: 'PL2', instance: pl, holds: sentAndDelivered, violated: [[`${sentAndDelivered}\np2 < deliver "p1" "a"`, 'twice']] },
  {
    property: 'PL3',
    instance: pl,
    holds: sentAndDelivered,
    violated: [
      ['p2 < deliver "p1" "a"', 'never sent it'],
      [`${sentAndDelivered}\np3 < deliver "p1" "a"`, 'p3 delivered "a" from p1'],
    ],
  },
  {
    property: 'FLL1',
    instance: fll,
    holds: `p1 > send "p2" "a"\n${many('p1 > send "p2" "b"')}p2 < deliver "p1" "b"`,
    violated: [[many('p1 > send "p2" "a"'), '1000 times, and it never arrived']],
  },
  {
    property: 'FLL2',
    instance: fll,
    holds: `${sentAndDelivered}\np2 < deliver "p1" "a"`,
    violated: [[`p1 > send "p2" "a"\n${many('p2 < deliver "p1" "a"')}`, '1000 times']],
  },
  {
    property: 'SL1',
    instance: sl,
    holds: `p1 > send "p2" "a"\n${many('p2 < deliver "p1" "a"')}p1 > send "p3" "b"\np3 crash`,
    violated: [
      [`p1 > send "p2" "a"\n${'p2 < deliver "p1" "a"\n'.repeat(999)}`, 'p2 delivered it 999 times, and no more'],
      ['p1 > send "p2" "a"', 'both are correct, but p2 never delivered it'],
    ],
  },
  { property: 'SL2', instance: sl, holds: sentAndDelivered, violated: [['p2 < deliver "p1" "a"', 'never sent it']] },
  {
    property: 'ALO1',
    instance: alo,
    holds: `${sentAndDelivered}\np2 < deliver "p1" "a"\np1 > send "p3" "b"\np3 crash`,
    violated: [['p1 > send "p2" "a"', 'never delivered it']],
  },
  { property: 'ALO2', instance: alo, holds: sentAndDelivered, violated: [['p3 < deliver "p1" "a"\np1 > send "p2" "a"', 'never sent it']] },
  { property: 'FLL3', instance: fll, holds: sentAndDelivered, violated: [['p2 < deliver "p1" "a"', 'never sent it']] },
  {
    property: 'BEB1',
    instance: beb,
    holds: `${toAll}\np2 > broadcast "b"\np2 crash`,
    violated: [['p1 > broadcast "a"\np1 < deliver "p1" "a"\np2 < deliver "p1" "a"', 'but p3 never delivered it']],
  },
  ...broadcastCases('BEB', beb),
  ...['RB', 'URB'].flatMap((prefix): Case[] => {
    const instance = prefix === 'RB' ? 'rb: ReliableBroadcast' : 'urb: UniformReliableBroadcast'
    return [
      {
        property: `${prefix}1`,
        instance,
        holds: toAll,
        violated: [['p1 > broadcast "a"\np2 < deliver "p1" "a"', 'it is correct, but p1 never delivered it']],
      },
      ...broadcastCases(prefix, instance),
    ]
  }),
  {
    property: 'RB4',
    instance: 'rb: ReliableBroadcast',
    holds: 'p1 > broadcast "a"\np1 < deliver "p1" "a"\np1 crash',
    violated: [['p1 > broadcast "a"\np2 < deliver "p1" "a"\np1 crash', 'p2 delivered "a" from p1, but p3, which is correct, did not']],
  },
  {
    property: 'URB4',
    instance: 'urb: UniformReliableBroadcast',
    holds: `${toAll}\np1 crash`,
    violated: [['p1 > broadcast "a"\np1 < deliver "p1" "a"\np1 crash', 'before it crashed']],
  },
  fifoCase('FPL4', 'fpl: FIFOPerfectPointToPointLinks', 'send "p2"'),
  fifoCase('FRB5', 'frb: FIFOReliableBroadcast', 'broadcast'),
  {
    property: 'CRB5',
    instance: 'crb: CausalOrderReliableBroadcast',
    holds: 'p1 > broadcast "a"\np2 > broadcast "b"\np3 < deliver "p2" "b"\np3 < deliver "p1" "a"',
    violated: [
      ['p1 > broadcast "a"\np2 < deliver "p1" "a"\np2 > broadcast "b"\np3 < deliver "p2" "b"', 'without having delivered "a" from p1'],
    ],
  },
  ...['TOB', 'UTOB'].map((prefix): Case => {
    const instance = `tob: ${prefix === 'TOB' ? '' : 'Uniform'}TotalOrderBroadcast`
    const both = 'p1 > broadcast "a"\np2 > broadcast "b"\n'
    return {
      property: `${prefix}5`,
      instance,
      holds: `${both}p1 < deliver "p1" "a"\np1 < deliver "p2" "b"\np3 < deliver "p2" "b"`,
      violated: [
        [`${both}p1 < deliver "p1" "a"\np1 < deliver "p2" "b"\np2 < deliver "p2" "b"\np2 < deliver "p1" "a"`, 'the other way round'],
      ],
    }
  }),
  ...detectorCases,
  ...agreementCases,
  ...sequenceCases,
  {
    property: 'NNAR1',
    instance: nnar,
    holds: `${read}\np3 > write 7\np3 crash`,
    violated: [[`${read}\np3 > write 7`, 'p3, which is correct, invoked a write that never returned']],
  },
  {
    property: 'NNAR2',
    instance: nnar,
    holds: read,
    violated: [
      [`${read}\np3 > read\np3 < readReturn ⊥`, 'returned the initial value'],
      [`${read}\np3 < readReturn 5`, 'though none was pending'],
      [`${read}\np3 > read\np3 < readReturn {"x":5}`, 'was never written'],
    ],
  },
  {
    property: 'ONRR2',
    instance: 'onrr: RegularRegister',
    holds: `${read}\np1 > write 6\np2 > read\np2 < readReturn 6\np2 > read\np2 < readReturn 5`,
    violated: [
      [`${read}\np3 > read\np3 < readReturn ⊥`, "p3's read of ⊥, but the last write that ended before it is p1's write of 5"],
      [`${read}\np1 > write 6\np3 > read\np3 < readReturn 7`, 'the write that overlaps it wrote another value'],
      ['p1 < writeReturn', 'though none was pending'],
    ],
  },
  {
    property: 'ONAR2',
    instance: 'onar: OneNAtomicRegister',
    holds: `${read}\np1 > write 6\np2 > read\np2 < readReturn 5\np3 > read\np3 < readReturn 6`,
    violated: [[`${read}\np3 > read\np3 < readReturn 7`, 'no write overlaps it']],
  },
  ...['OOAR3', 'ONAR3'].map(
    (property): Case => ({
      property,
      instance: property === 'OOAR3' ? 'ooar: OneOneAtomicRegister' : 'onar: OneNAtomicRegister',
      holds: `${read}\np1 > write 6\np3 > read\np2 > read\np2 < readReturn 6\np3 < readReturn 5\np1 crash\np2 > read\np2 < readReturn 6`,
      violated: [
        [
          `${read}\np1 > write 6\np2 > read\np2 < readReturn 6\np3 > read\np3 < readReturn 5`,
          "p2's read of 6 ended before p3's read of 5 began, but 5 was written before 6 (new-old inversion)",
        ],
        ['p1 > write 5\np2 > read\np2 < readReturn 5\np3 > read\np3 < readReturn ⊥', '⊥ was there before 5'],
      ],
    }),
  ),
  {
    property: 'EC1',
    instance: ec,
    holds: started,
    violated: [[`${started}\np1 < startEpoch 6 "p3"`, 'p1 started epoch (6, p3) after (6, p3)']],
  },
  {
    property: 'EC2',
    instance: ec,
    holds: started,
    violated: [[`${started}\np2 < startEpoch 4 "p2"`, 'p1 started epoch (4, p1), but p2 (4, p2)']],
  },
  {
    property: 'EC3',
    instance: ec,
    holds: started,
    violated: [
      [`${started}\np1 < startEpoch 7 "p1"`, 'the last epoch of p1 is (7, p1), but that of p2 is (6, p3)'],
      [`${started}\np3 crash`, 'its leader has crashed'],
      ['p1 < startEpoch 4 "p1"', 'that of p2 is (0, p3)'],
    ],
  },
  {
    property: 'EP1',
    instance: ep,
    holds: epoch,
    violated: [
      [`${epoch}\np1 > propose 9\np2 < decide 9`, 'p2 decided 9, which no leader of this or an earlier epoch had proposed'],
      ['p1 < decide 5\np3 > propose 5', 'by then'],
    ],
  },
  { property: 'EP2', instance: ep, holds: epoch, violated: [['p1 < decide 5\np1 crash\np2 < decide 6', 'p1 decided 5, but p2 decided 6']] },
  { property: 'EP3', instance: ep, holds: epoch, violated: [[`${epoch}\np1 < decide 5`, 'p1 decided twice: 5, then 5']] },
  {
    property: 'EP4',
    instance: ep,
    path: 'uc.ep[3]',
    holds: `uc.ep[2]:EpochConsensus p1 < decide 5\nuc.ep[12]:EpochConsensus p1 < decide 9\n${epoch}`,
    violated: [[`uc.ep[2]:EpochConsensus p1 < decide 6\n${epoch}`, 'p1 decided 5 in epoch 3, though p1 had decided 6 in epoch 2']],
  },
  {
    property: 'EP5',
    instance: ep,
    holds: `${epoch}`,
    violated: [['uc.ec:EpochChange p1 < startEpoch 3 "p3"\np3 > propose 5\np1 < decide 5\np3 < decide 5', 'but p2 never decided']],
  },
  {
    property: 'EP6',
    instance: ep,
    holds: `${epoch}\np1 > abort\np1 > abort\np1 < aborted {"valts":0}\np3 < aborted {"valts":0}\np2 > abort\np2 crash`,
    violated: [
      ['p1 < aborted {"valts":0}', 'p1 aborted, though no correct process had requested an abort'],
      ['p1 < aborted {"valts":0}\np2 > abort\np2 < aborted {"valts":0}', 'no correct process had requested an abort by then'],
      ['p2 > abort\np2 crash\np1 < aborted {"valts":0}', 'no correct process had requested an abort'],
      ['p1 > abort', 'requested an abort that never completed'],
    ],
  },
  {
    property: 'UC1',
    instance: uc,
    holds: decided,
    violated: [['p1 > propose 5\np2 > propose 6\np3 > propose 7\np1 < decide 6\np2 < decide 6', 'p3, which is correct, never decided']],
  },
  { property: 'UC2', instance: uc, holds: decided, violated: [[`${decided}\np3 < decide 9`, 'which no process had proposed']] },
  { property: 'UC3', instance: uc, holds: decided, violated: [[`${decided}\np3 < decide 6`, 'p3 decided twice: 6, then 6']] },
  {
    property: 'UC4',
    instance: uc,
    holds: decided,
    violated: [
      [`${decided}\np3 < decide 7`, 'p1 decided 6, but p3 decided 7'],
      ['p3 < decide 7\np3 crash\np1 < decide 6', 'p3 decided 7, but p1 decided 6'],
    ],
  },
]

function judge(of: Case, lines: string, end: 'quiescent' | 'cut' = 'quiescent'): PropertyVerdict {
  const [path = '', module = ''] = of.instance.split(': ')
  const verdicts = check(traceOf(of.instance, lines, end), { name: module }, { path: of.path ?? path })
  return verdicts.find(({ property }) => property === of.property)!
}

test.each(cases)('$property: a trace in which it holds', (of) => {
  expect(judge(of, of.holds)).toMatchObject({ property: of.property, holds: true, events: [] })
})

test.each(cases.flatMap((of) => of.violated.map(([lines, words]) => ({ ...of, lines, words }))))(
  '$property is violated: $words',
  ({ lines, words, ...of }) => {
    const verdict = judge(of, lines)
    expect(verdict).toMatchObject({ property: of.property, holds: false })
    expect(verdict.why).toContain(words)
    const hasNoEvent = /never (trusted|elected)/.test(verdict.why)
    if (!hasNoEvent) expect(verdict.events.length).toBeGreaterThan(0)
  },
)

const livenessOnly = [
  'PL1',
  'ALO1',
  'FLL1',
  'FLL2',
  'BEB1',
  'RB1',
  'RB4',
  'URB1',
  'URB4',
  'PFD1',
  'LE1',
  'EPFD1',
  'EPFD2',
  'ELD1',
  'ELD2',
  'NNAR1',
  'EC3',
  'EP5',
  'UC1',
  'UTRB1',
  'UTRB2',
  'UTRB4',
  'UFC1',
  'SEQ1',
  'SEQ6',
]

test.each(cases)('$property of a run that was cut off: liveness is unknown, safety is judged', (of) => {
  expect(judge(of, of.holds, 'cut').holds).toBe(livenessOnly.includes(of.property) ? 'unknown' : true)
  const isBounded = of.property === 'FLL1' || of.property === 'FLL2'
  if ((!livenessOnly.includes(of.property) && of.property !== 'SL1') || isBounded)
    expect(judge(of, of.violated[0]![0], 'cut').holds).toBe(false)
})

test('every property with a check has a violating trace here, or shares its check with a property that has one', () => {
  const tried = new Set(cases.map(({ property }) => property))
  const shared = /^(C[1-4]|F?RB[1-4]|PB[123]|CRB[1-4]|CURB[1-5]|FPL[1-3]|U?TOB[1-4]|ONAR1|ONRR1|OOAR[12]|UFC[234]|NBAC[145])$/
  const names = Object.values(properties).flatMap((checks) => Object.keys(checks))
  expect(names.filter((name) => !tried.has(name) && !shared.test(name))).toEqual([])
})

test('termination is not judged where a correct process proposed nothing', () => {
  const of = { property: 'UC1', instance: uc, holds: '', violated: [] }
  expect(judge(of, 'p1 > propose 5\np1 < decide 5')).toMatchObject({ holds: 'unknown', why: expect.stringContaining('p2') })
})

test('guarantees for one writer are unknown if several processes wrote at once', () => {
  const twoWriters = 'p1 > write 5\np2 > write 6\np2 < writeReturn\np1 < writeReturn'
  const verdicts = check(traceOf('onar: OneNAtomicRegister', twoWriters), { name: 'OneNAtomicRegister' })
  const why = "p1's write of 5 overlaps p2's write of 6; expected one writer"
  expect(verdicts).toMatchObject([
    { holds: true },
    { property: 'ONAR2', holds: 'unknown', why },
    { property: 'ONAR3', holds: 'unknown', why },
  ])
})

test('properties without a check are unknown, never left out', () => {
  const timer = { name: 'Timer', properties: { TIM1: 'Timeout' } }
  expect(check(traceOf('timer: Timer', 'p1 > start 5'), timer)).toMatchObject([{ property: 'TIM1', path: 'timer', holds: 'unknown' }])
})

test('a module without properties is an error, not a pass', () => {
  expect(() => check(traceOf(beb, toAll), { name: 'BestEfortBroadcast' })).toThrow('no property of BestEfortBroadcast is known')
})

test('each instance is judged by itself', () => {
  const trace = traceOf(beb, `${toAll}\nother.beb:BestEffortBroadcast p1 < deliver "p1" "a"`)
  const verdicts = check(trace, { name: 'BestEffortBroadcast' })
  expect(verdicts.filter(({ holds }) => holds === false).map(({ property, path }) => `${path} ${property}`)).toEqual(['other.beb BEB3'])
})
