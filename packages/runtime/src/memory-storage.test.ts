import { StableStorage } from '@upon/contract'
import { expect, it } from 'vitest'
import { memoryStorage, Process, type ProcessOptions } from './index'

/** A process over `storage`, and what it is told at its start. */
function started(storage: ReturnType<typeof memoryStorage>, name = 'storage') {
  const told: unknown[] = []
  const observe: ProcessOptions<[]>['observe'] = ({ event, attributes }) => void told.push([event, ...attributes])
  const process = new Process({ self: 'p', processes: ['p'], supply: [storage], observe })
  const port = process.run(StableStorage.of<{ epoch: number; seen: Set<string> }>(), name)
  return { process, told, ...port }
}

it('STO1: indicates ⟨Init⟩ until something was stored, ⟨Recovery⟩ from then on', () => {
  const storage = memoryStorage()
  expect(started(storage).told).toEqual([['init']])
  const { told, store } = started(storage)
  store({ epoch: 1 })
  expect(told).toEqual([['init'], ['store', { epoch: 1 }]])
  expect(started(storage).told).toEqual([['recovery', { epoch: 1 }]])
})

it('STO2: gives each variable as it was stored last, whatever became of it afterwards', () => {
  const storage = memoryStorage()
  const { store } = started(storage)
  const seen = new Set(['a'])
  store({ epoch: 1, seen })
  seen.add('b')
  store({ epoch: 2 })
  const { told } = started(storage)
  expect(told).toEqual([['recovery', { epoch: 2, seen: new Set(['a']) }]])
  const [[, variables]] = told as [[string, { seen: Set<string> }]]
  variables.seen.add('c')
  expect(started(storage).told).toEqual([['recovery', { epoch: 2, seen: new Set(['a']) }]])
})

it('each instance has variables of its own, and so has each storage', () => {
  const storage = memoryStorage()
  started(storage, 'x').store({ epoch: 1 })
  expect(started(storage, 'y').told).toEqual([['init']])
  expect(started(memoryStorage(), 'x').told).toEqual([['init']])
})

it('what cannot be copied crashes the process, and nothing of it is stored', () => {
  const storage = memoryStorage()
  const { store } = started(storage)
  expect(() => store({ epoch: 1, seen: (() => {}) as never })).toThrow('could not be cloned')
  expect(started(storage).told).toEqual([['init']])
})
