import { expect, it } from 'vitest'
import * as contract from './index'
import { type Abstraction, algorithm, BestEffortBroadcast, increasing, type Module, many, PerfectPointToPointLinks, shared } from './index'

const assumes = { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' } as const
const Basic = algorithm(
  { name: 'basic', implements: { beb: BestEffortBroadcast }, uses: { pl: PerfectPointToPointLinks }, assumes, options: { a: 1, b: 2 } },
  () => {},
)

it('an algorithm implements a module, and says which, under what name', () => {
  expect([Basic.instance, Basic.abstraction]).toEqual(['beb', BestEffortBroadcast])
  expect(() => algorithm({ name: 'nothing', implements: {} as never, uses: {}, assumes }, () => {})).toThrow(
    'algorithm nothing implements no module',
  )
})

it('over() and with() give another algorithm, and leave the one they are called on as it was', () => {
  const Other = algorithm({ name: 'other', implements: { pl: PerfectPointToPointLinks }, uses: {}, assumes }, () => {})
  expect(Basic.over({ pl: Other }).uses).toEqual({ pl: { sharing: 'own', layer: Other } })
  expect(Basic.with({ b: 3 }).options).toEqual({ a: 1, b: 3 })
  expect([Basic.uses, Basic.options]).toEqual([{ pl: { sharing: 'own', layer: PerfectPointToPointLinks } }, { a: 1, b: 2 }])
})

it('a replaced family stays a family, and a shared instance shared', () => {
  const uses = { some: many(Basic), epochs: increasing(Basic), one: shared(Basic), plain: Basic }
  const Above = algorithm({ name: 'above', implements: { beb: BestEffortBroadcast }, uses, assumes }, () => {})
  const New = Basic.with({ a: 5 })
  expect(Above.over({ some: New, epochs: New, one: New, plain: New }).uses).toEqual({
    some: { sharing: 'many', layer: New },
    epochs: { sharing: 'increasing', layer: New },
    one: { sharing: 'shared', layer: New },
    plain: { sharing: 'own', layer: New },
  })
})

it('over() refuses what gives other events, and with() what is no option or of another sort', () => {
  const refusal = (make: () => unknown, message: string) => {
    expect(make).toThrow(expect.objectContaining({ name: 'TypeError', code: 'UPON_MISUSE' }))
    expect(make).toThrow(message)
  }
  const wrong = "basic.over: 'pl' is a PerfectPointToPointLinks, which a BestEffortBroadcast cannot replace"
  refusal(() => Basic.over({ pl: Basic as never }), wrong)
  refusal(() => Basic.over({ pl: shared(Basic) as never }), wrong)
  refusal(() => Basic.over({ pl: { sort: 'port', abstraction: BestEffortBroadcast } as never }), wrong)
  refusal(() => Basic.over({ pl: { sort: 'transport', guarantees: BestEffortBroadcast } as never }), wrong)
  refusal(() => Basic.over({ pl: null as never }), "basic.over: 'pl' is not a layer")
  refusal(() => Basic.over({ beb: PerfectPointToPointLinks } as never), "basic.over: it uses no 'beb', but pl")
  refusal(() => Basic.with({ c: 1 } as never), "basic.with: it has no 'c', but a, b")
  refusal(() => Basic.with({ a: '1' as never }), 'basic.with: a: expected a number, found a string')
})

it('what is carried is a matter of types only', () => {
  expect(Basic.of<number>()).toBe(Basic)
  expect(PerfectPointToPointLinks.of<number>()).toBe(PerfectPointToPointLinks)
})

const modules = Object.values(contract).filter((value) => typeof value === 'object' && 'sort' in value) as unknown as Abstraction<Module>[]

it('every module of the book gives its place in it, and its properties by their names, each said to be safety or liveness', () => {
  expect(modules.length).toBeGreaterThanOrEqual(9)
  expect(new Set(modules.map(({ name }) => name)).size).toBe(modules.length)
  for (const { name, source, properties } of modules) {
    if (source === undefined) continue
    expect(source, name).toMatch(/^Module \d\.\d+, page \d+$/)
    expect(Object.keys(properties).length, name).toBeGreaterThan(0)
    for (const [key, text] of Object.entries(properties)) expect(`${key} ${text}`).toMatch(/^[A-Z]+\d .*\((safety|liveness).*\)\.$/)
  }
})

it('no event has more than four attributes', () => {
  for (const { requests, indications } of modules)
    for (const attributes of [...Object.values(requests), ...Object.values(indications)])
      expect((attributes as readonly string[]).length).toBeLessThanOrEqual(4)
})
