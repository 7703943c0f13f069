import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LIMIT_EARLY, REGISTER_HEADROOM, REGISTER_RATE, Timestamps, TOPIC_HEADROOM } from './timestamps'
import { HIGHEST_TIMESTAMP } from './wire'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const register = { kind: 'nnar' } as const
const topic = { kind: 'uc' } as const
const HOUR_MS = 60 * 60 * 1_000
const never = () => {
  throw new Error('not admitted at once')
}

describe('the highest timestamp that there can be', () => {
  it('is not the end of all within 70 hours of the start, whatever came and however often', () => {
    const timestamps = new Timestamps(3)
    for (let hour = 0; hour < 70; hour++) {
      for (const id of [register, topic]) expect(timestamps.highest(id)).toBeLessThan(HIGHEST_TIMESTAMP)
      for (const id of [register, topic])
        expect(() => timestamps.admit(id, 'q', HIGHEST_TIMESTAMP, never)).toThrow(/cannot be: \d+ is the highest/)
      vi.advanceTimersByTime(HOUR_MS)
    }
  })

  it('is above what honest processes come to, from the start on and ever after', () => {
    const timestamps = new Timestamps(3)
    const startMs = performance.now()
    for (let hour = 0; hour < 48; hour++) {
      const seconds = (performance.now() - startMs) / 1_000
      expect(timestamps.admit(register, 'q', REGISTER_HEADROOM + Math.floor(8_000 * seconds), never)).toBe(true)
      expect(timestamps.admit(topic, 'q', TOPIC_HEADROOM + Math.floor(1_000 * 4 * seconds), never)).toBe(true)
      vi.advanceTimersByTime(HOUR_MS)
    }
  })

  it('leaves room for a thousand rounds of the highest ranks', () => {
    expect(new Timestamps(2 ** 20).highest(topic)).toBe(2 ** 28)
    expect(new Timestamps(2 ** 15).highest(topic)).toBe(2 ** 10 * (2 ** 15 + 1))
  })
})

describe('a timestamp above it', () => {
  it('waits until it can be, if that is soon: those whom the hub started later follow those before', () => {
    const earlier = new Timestamps(3)
    vi.advanceTimersByTime(5_000)
    const later = new Timestamps(3)
    const retry = vi.fn()
    expect(later.admit(register, 'q', earlier.highest(register), retry)).toBe(false)
    vi.advanceTimersByTime(4_990)
    expect(retry).not.toHaveBeenCalled()
    vi.advanceTimersByTime(20)
    expect(retry).toHaveBeenCalledTimes(1)
    expect(later.admit(register, 'q', REGISTER_HEADROOM + 5 * REGISTER_RATE, never)).toBe(true)
  })

  it('waits a minute at most, and a hundred of one process: another is not kept out by them', () => {
    const timestamps = new Timestamps(3)
    const above = (seconds: number) => REGISTER_HEADROOM + seconds * REGISTER_RATE
    expect(() => timestamps.admit(register, 'q', above(61), never)).toThrow('cannot be')
    const retry = vi.fn()
    for (let i = 0; i < LIMIT_EARLY; i++) timestamps.admit(register, 'q', above(60), retry)
    expect(() => timestamps.admit(register, 'q', above(1), retry)).toThrow('100 messages of q wait already')
    expect(timestamps.admit(register, 'r', above(1), retry)).toBe(false)
    vi.advanceTimersByTime(60_001)
    expect(retry).toHaveBeenCalledTimes(LIMIT_EARLY + 1)
    expect(timestamps.admit(register, 'q', above(61), retry)).toBe(false) // there is room again
  })

  it('is forgotten when the system ends', () => {
    const timestamps = new Timestamps(3)
    timestamps.admit(register, 'q', REGISTER_HEADROOM + 1, never)
    timestamps.stop()
    expect(vi.getTimerCount()).toBe(0)
  })
})
