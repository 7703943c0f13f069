import { StableStorage } from '@upon/contract'
import { expect, it } from 'vitest'
import { memoryStorage, Process, type ProcessOptions } from './index'

/** A process over `storage`, and what it retrieves at its start. */
function started(storage: ReturnType<typeof memoryStorage>, name = 'storage') {
  const observed: unknown[] = []
  const observe: ProcessOptions<[]>['observe'] = ({ event, attributes }) => void observed.push([event, ...attributes])
  const process = new Process({ self: 'p', processes: ['p'], supply: [storage], observe })
  const port = process.run(StableStorage.of<{ epoch: number; seen: Set<string>; log: { n: number }[] }>(), name)
  return { process, observed, ...port }
}

it('STO1 stability: gives each variable as it was stored last, whatever became of it afterwards; nothing before', () => {
  const storage = memoryStorage()
  const { store, retrieve } = started(storage)
  expect(retrieve()).toBeUndefined()
  const seen = new Set(['a'])
  store({ epoch: 1, seen })
  seen.add('b')
  store({ epoch: 2 })
  const { retrieve: again } = started(storage)
  expect(again()).toEqual({ epoch: 2, seen: new Set(['a']) })
  again()?.seen.add('c')
  expect(started(storage).retrieve()).toEqual({ epoch: 2, seen: new Set(['a']) })
})

it('a query is observed with its answer, at its place among the events', () => {
  const { observed, store, retrieve } = started(memoryStorage())
  retrieve()
  store({ epoch: 1 })
  retrieve()
  expect(observed).toEqual([
    ['retrieve', undefined],
    ['store', { epoch: 1 }],
    ['retrieve', { epoch: 1 }],
  ])
})

it('a list grows by an entry at a time, which alone is copied', () => {
  const storage = memoryStorage()
  const { append, store, retrieve } = started(storage)
  const entry = { n: 1 }
  append('log', entry)
  entry.n = 2
  append('log', entry)
  store({ epoch: 7 })
  expect(retrieve()).toEqual({ epoch: 7, log: [{ n: 1 }, { n: 2 }] })
  expect(started(storage).retrieve()?.log).toHaveLength(2)
})

it('a stored variable that is not a list does not grow', () => {
  const { append, store } = started(memoryStorage())
  store({ epoch: 1 })
  expect(() => append('epoch' as never, 2 as never)).toThrow("append: 'epoch' is stored already, and is not a list")
})

it('each instance has variables of its own, and so has each storage', () => {
  const storage = memoryStorage()
  started(storage, 'x').store({ epoch: 1 })
  expect(started(storage, 'y').retrieve()).toBeUndefined()
  expect(started(memoryStorage(), 'x').retrieve()).toBeUndefined()
})

it('what cannot be copied crashes the process, and nothing of it is stored', () => {
  const storage = memoryStorage()
  const { store } = started(storage)
  expect(() => store({ epoch: 1, seen: (() => {}) as never })).toThrow('could not be cloned')
  expect(started(storage).retrieve()).toBeUndefined()
})
