import {
  abstraction,
  algorithm,
  type BestEffortBroadcast,
  BestEffortBroadcast as beb,
  type Payload,
  PerfectPointToPointLinks,
  Timer,
} from '@upon/contract'
import { runSeeds } from '@upon/simulator'
import { describe, expect, it } from 'vitest'
import { compliance, exhaustive, isJudged, type Suite, scenarioOf, suiteOf, type Tested } from '../src'
import { results } from './results'

/** A module of a user. */
interface Ordered extends BestEffortBroadcast {
  readonly guarantees: BestEffortBroadcast['guarantees'] & { readonly ordered: true }
}
const module = (name: string, properties: Readonly<Record<string, string>>) =>
  abstraction<Ordered>({
    name,
    instance: 'ord',
    requests: { broadcast: ['m'] },
    indications: { deliver: ['p', 'm'] },
    properties,
  })

const Mine = module('MyOrderedBroadcast', {
  FRB5: 'FIFO delivery: messages of a process are delivered in the order of their broadcasts (safety).',
})

/** It delivers in any order. */
const unordered: Tested<Ordered> = algorithm(
  {
    name: 'unordered',
    implements: { ord: Mine },
    uses: { pl: PerfectPointToPointLinks.of<Payload>() },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
  },
  ({ ord, pl, processes, upon }) => {
    upon(ord.broadcast, (m) => {
      for (const q of processes) pl.send(q, m)
    })
    upon(pl.deliver, (p, m) => ord.deliver(p, m))
  },
)

const suite = (judge?: Suite<Ordered>['judge']): Suite<Ordered> => {
  const { judge: _, sometimes, ...common } = suiteOf(beb) as unknown as Suite<Ordered>
  return { ...common, module: Mine, ...(judge === undefined ? {} : { judge }) }
}

const verdict = (holds: boolean | 'unknown') => ({ property: 'FRB5', path: 'ord', holds, why: 'so', events: [] })
const judged = (judge?: Suite<Ordered>['judge']) =>
  results((runner) => compliance(suite(judge), { algorithm: unordered, ...runner, runs: 40, limitStates: 0 }))

describe('a property that no run gives a verdict on fails its test', () => {
  it.each([
    ['no check is written for it', undefined],
    ['its suite judges nothing', () => []],
    ['its suite judges something else', () => [{ ...verdict(true), property: 'FRB4' }]],
    ['it is unknown in every run', () => [verdict('unknown')]],
  ] as const)('%s', (_, judge) => {
    const found = judged(judge)
    const [, why] = [...found].find(([name]) => name.startsWith('FRB5')) ?? []
    expect(why).toMatch(/FRB5|MyOrderedBroadcast/)
    expect(found.get('two instances side by side do not disturb each other')).toMatch(/FRB5|MyOrderedBroadcast/)
  })

  it('and one that some run gives a verdict on does not', () => {
    expect([...judged(() => [verdict(true)]).values()].filter((why) => why !== undefined)).toEqual([])
  })
})

it('a module that declares no properties is refused: there is nothing to judge', () => {
  const none = { ...suite(() => []), module: module('Nothing', {}) }
  expect(() => scenarioOf(none, unordered)).toThrow(new RangeError('Nothing declares no properties: there is nothing to judge'))
})

it('exploration says which properties no state gave a verdict on', () => {
  const explored = (judge?: Suite<Ordered>['judge']) => exhaustive(suite(judge), unordered)
  expect(explored(() => [verdict('unknown')])).toMatchObject({ isComplete: true, unjudged: ['FRB5'] })
  expect(explored(() => [verdict(true)])).toMatchObject({ isComplete: true, unjudged: [] })
})

it('an indication without its attributes is a violation, whatever else holds', () => {
  const judge = () => [
    { property: 'well-formed', path: 'ord', holds: 'ill-formed' as const, why: 'no attributes', events: [] },
    verdict(true),
  ]
  const { failures } = runSeeds(scenarioOf(suite(judge), unordered), 1, 1)
  expect(failures).toMatchObject([{ property: 'well-formed', why: 'no attributes' }])
})

describe('links that never rest', () => {
  const busy = (name: string, delayMs: number): Tested<PerfectPointToPointLinks> =>
    algorithm(
      {
        name,
        implements: { pl: PerfectPointToPointLinks },
        uses: { timer: Timer },
        assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
      },
      ({ pl, timer, upon }) => {
        timer.start(delayMs)
        upon(timer.timeout, () => timer.start(delayMs))
        upon(pl.send, () => {})
      },
    )

  it.each([
    ['so busy that time hardly passes', 0.01],
    ['busy now and then', 100],
  ])('and deliver nothing are convicted: %s', (name, delayMs) => {
    const { failures } = runSeeds(scenarioOf(suiteOf(PerfectPointToPointLinks), busy(name, delayMs), { processes: 2 }), 1, 5)
    const properties = new Set(failures.map(({ property }) => property))
    expect([...properties]).toEqual([delayMs < 1 ? 'lets time pass' : 'PL1'])
  })
})

it('every property is a situation of its scenario', () => {
  const { sometimes } = runSeeds(scenarioOf(suiteOf(beb), unordered as never), 1, 20)
  expect(['BEB1', 'BEB2', 'BEB3'].map((property) => sometimes[isJudged(property)])).toEqual([20, 20, 20])
})
