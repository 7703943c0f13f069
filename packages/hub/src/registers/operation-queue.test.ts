import { expect, it, vi } from 'vitest'
import { Fifo } from '../messages/fifo'
import { OperationQueue } from './operation-queue'

it('an answer takes the oldest operation, and a refusal the newest with its value', () => {
  const open = new OperationQueue<string>()
  for (const [value, name] of [7, 8, 7, undefined, 8].map((v, i) => [v, `${v} ${i}`] as const)) open.push(value, name)
  expect(open.takeNewest(7)).toBe('7 2')
  expect([open.size, open.first]).toEqual([4, '7 0'])
  expect([open.shift(), open.takeNewest(7)]).toEqual(['7 0', undefined])
  expect([open.takeNewest(8), open.takeNewest(8), open.takeNewest(8)]).toEqual(['8 4', '8 1', undefined])
  expect([open.size, open.first, open.shift(), open.size, open.first, open.shift()]).toEqual([
    1,
    'undefined 3',
    'undefined 3',
    0,
    undefined,
    undefined,
  ])
  open.push(8, 'again')
  expect([open.first, open.takeNewest(8), open.size]).toEqual(['again', 'again', 0])
})

it('takes a few steps for each of 100,000 operations, refused in any order or answered', () => {
  let steps = 0
  for (const name of ['push', 'shift', 'pop'] as const) {
    const step = Fifo.prototype[name] as (this: Fifo<unknown>, item: unknown) => undefined
    vi.spyOn(Fifo.prototype, name).mockImplementation(function (this: Fifo<unknown>, item: unknown) {
      steps++
      return step.call(this, item)
    })
  }
  const open = new OperationQueue<number>()
  const taken: unknown[] = []
  for (let i = 0; i < 100_000; i++) open.push(i, i)
  for (let i = 1; i < 50_000; i++) taken.push(open.takeNewest(i)) // oldest first: the costly order
  for (let i = 99_999; i > 75_000; i--) taken.push(open.takeNewest(i))
  while (open.size > 0) taken.push(open.shift())
  vi.restoreAllMocks()
  expect([taken.length, new Set(taken).size]).toEqual([100_000, 100_000])
  expect(steps).toBeLessThanOrEqual(4 * 100_000)
})
