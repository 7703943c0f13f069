import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { HOLD_BYTES, HOLD_MESSAGES, HOLD_MS } from './limits'
import { UnknownSystems } from './unknown-systems'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('messages are given up in order when their system starts, each once, and nothing expires then', () => {
  const expired = vi.fn()
  const unknown = new UnknownSystems<number>(expired)
  expect(unknown.hold('a', 1, 10)).toBe('first')
  expect(unknown.hold('a', 2, 10)).toBe('held')
  expect(unknown.hold('b', 3, 10)).toBe('first')
  expect(unknown.take('a')).toEqual([1, 2])
  expect(unknown.take('a')).toEqual([])
  vi.advanceTimersByTime(HOLD_MS)
  expect(expired.mock.calls).toEqual([['b', 1]])
  expect(vi.getTimerCount()).toBe(0)
})

test('it keeps so many messages and bytes of all systems together; what goes makes room', () => {
  const unknown = new UnknownSystems<number>(() => {})
  for (let i = 0; i < HOLD_MESSAGES; i++) expect(unknown.hold(`s${i % 7}`, i, 1)).not.toBe('full')
  expect(unknown.hold('s0', 0, 1)).toBe('full')
  unknown.take('s0')
  expect(unknown.hold('s0', 0, HOLD_BYTES)).toBe('full')
  for (let i = 1; i < 7; i++) unknown.take(`s${i}`)
  expect(unknown.hold('s0', 0, HOLD_BYTES)).toBe('first')
  expect(unknown.hold('s1', 0, 1)).toBe('full')
  unknown.clear()
  expect(unknown.hold('s1', 0, 1)).toBe('first')
  unknown.clear()
  expect(vi.getTimerCount()).toBe(0)
})

test('of a destroyed system nothing is kept, unless it starts again; the last hundred are remembered', () => {
  const unknown = new UnknownSystems<number>(() => {})
  for (let i = 0; i <= 100; i++) unknown.destroyed(`s${i}`)
  expect(unknown.hold('s100', 1, 1)).toBe('destroyed')
  expect(unknown.hold('s1', 1, 1)).toBe('destroyed')
  expect(unknown.hold('s0', 1, 1)).toBe('first')
  unknown.take('s1')
  expect(unknown.hold('s1', 1, 1)).toBe('first')
  unknown.forgetDestroyed()
  expect(unknown.hold('s100', 1, 1)).toBe('first')
  unknown.clear()
})
