import { algorithm, many, RandomSource, StableStorage } from '@upon/contract'
import { expect, it } from 'vitest'
import { assumes, Step } from '../test/modules'
import { memoryStorage, type Observation, Process, systemRandom } from './index'

/** Draws below what it is asked, twice. */
const Drawing = algorithm(
  { name: 'drawing', implements: { step: Step }, uses: { random: RandomSource }, assumes },
  ({ step, random, upon }) => {
    upon(step.ask, (n) => {
      const first = random.below(n as never)
      step.answer([first, random.below(n as never)] as never)
    })
  },
)

it('a query is answered at once, and observed where it was asked, with its answer', () => {
  const seen: Observation[] = []
  const process = new Process({ self: 'p', processes: ['p'], supply: [systemRandom], observe: (each) => seen.push(each) })
  const step = process.run(Drawing.of<unknown>())
  step.ask(1)
  expect(seen.map(({ index, cause, path, direction, event, attributes }) => [index, cause, path, direction, event, attributes])).toEqual([
    [1, 0, 'step', 'request', 'ask', [1]],
    [2, 1, 'step.random', 'query', 'below', [1, 0]],
    [3, 1, 'step.random', 'query', 'below', [1, 0]],
    [4, 1, 'step', 'indication', 'answer', [[0, 0]]],
  ])
})

it('RND1 range: numbers are whole, from 0 to below n, and all of them come', () => {
  const process = new Process({ self: 'p', processes: ['p'], supply: [systemRandom] })
  const { below } = process.run(RandomSource)
  const drawn = Array.from({ length: 2000 }, () => below(5))
  expect([...new Set(drawn)].sort()).toEqual([0, 1, 2, 3, 4])
  for (const wrong of [0, -1, 1.5, Number.NaN, 2 ** 33, '3', undefined]) expect(() => below(wrong as never)).toThrow('below: expected')
})

it('members of a family have queries, each its own', () => {
  const Stores = algorithm(
    { name: 'stores', implements: { step: Step }, uses: { s: many(StableStorage.of<{ n: number }>()) }, assumes },
    (context) => {
      const { step, s, upon } = context
      upon(step.ask, (name) => {
        const index = name as unknown as string
        if (!s.has(index)) s.create(index)
        const n = (s.retrieve(index)?.n ?? 0) + 1
        s.store(index, { n })
        step.answer(n as never)
      })
    },
  )
  const storage = memoryStorage()
  const seen: unknown[] = []
  const run = () => {
    const process = new Process({ self: 'p', processes: ['p'], supply: [storage] })
    const step = process.run(Stores.of<unknown>())
    process.upon(step.answer, (n) => seen.push(n))
    return step
  }
  const step = run()
  for (const name of ['a', 'b', 'a']) step.ask(name)
  run().ask('a')
  expect(seen).toEqual([1, 1, 2, 3])
})

it('the order of `uses` means nothing: what was stored is there when the algorithm starts', () => {
  const storage = memoryStorage()
  const start = (first: 'storage' | 'random') => {
    const both = { storage: StableStorage.of<{ n: number }>(), random: RandomSource }
    const uses = first === 'storage' ? both : { random: both.random, storage: both.storage }
    const Counting = algorithm({ name: 'counting', implements: { step: Step }, uses, assumes }, ({ step, storage }) => {
      const n = (storage.retrieve()?.n ?? 0) + 1
      storage.store({ n })
      step.answer(n as never)
    })
    const process = new Process({ self: 'p', processes: ['p'], supply: [storage, systemRandom] })
    const seen: unknown[] = []
    process.upon(process.run(Counting).answer, (n) => seen.push(n))
    return seen
  }
  expect([start('storage'), start('random'), start('storage')]).toEqual([[1], [2], [3]])
})
