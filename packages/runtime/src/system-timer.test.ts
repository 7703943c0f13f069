import { Timer } from '@upon/contract'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Process, systemTimer } from './index'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function running() {
  const process = new Process({ self: 'p', processes: ['p'], supply: [systemTimer], clock: () => Date.now() })
  const timer = process.run(Timer)
  let timeouts = 0
  process.upon(timer.timeout, () => timeouts++)
  return { process, timer, timeouts: () => timeouts }
}

it('TIM1: times out once, no earlier than its delay', () => {
  const { timer, timeouts } = running()
  timer.start(100)
  vi.advanceTimersByTime(99)
  expect(timeouts()).toBe(0)
  vi.advanceTimersByTime(1)
  expect(timeouts()).toBe(1)
  vi.advanceTimersByTime(1000)
  expect(timeouts()).toBe(1)
})

it('TIM1: restarted, it times out once, after the new delay', () => {
  const { timer, timeouts } = running()
  timer.start(100)
  vi.advanceTimersByTime(60)
  timer.start(100)
  vi.advanceTimersByTime(60)
  expect(timeouts()).toBe(0)
  vi.advanceTimersByTime(1000)
  expect(timeouts()).toBe(1)
})

it('is stopped with its process', () => {
  const { process, timer, timeouts } = running()
  timer.start(100)
  process.stop()
  expect(vi.getTimerCount()).toBe(0)
  expect(() => timer.start(100)).toThrow('timer.start: process p has stopped')
  vi.advanceTimersByTime(1000)
  expect([timeouts(), vi.getTimerCount()]).toEqual([0, 0])
})

it('each instance has a timer of its own', () => {
  const process = new Process({ self: 'p', processes: ['p'], supply: [systemTimer] })
  const seen: string[] = []
  for (const [name, delayMs] of [
    ['a', 20],
    ['b', 10],
  ] as const) {
    const timer = process.run(Timer, name)
    process.upon(timer.timeout, () => seen.push(name))
    timer.start(delayMs)
  }
  vi.advanceTimersByTime(30)
  expect(seen).toEqual(['b', 'a'])
})
