import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLog, limited as limitedLog } from './log'
import { RefusalLog } from './refusals'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function refusalLog() {
  const lines: { reason: string; msg: string; count?: number }[] = []
  const log = createLog('abc-1', 'info', { write: (line) => void lines.push(JSON.parse(line)) })
  const limited = limitedLog(log)
  return { refusals: new RefusalLog(limited), limited, lines }
}

test('a flood of refusals makes a few lines, then one each five seconds with their number; all are counted', () => {
  const { refusals, lines } = refusalLog()
  for (let second = 0; second < 20; second++) {
    for (let i = 0; i < 1_000; i++) refusals.refuse('malformed', `wrong ${second} ${i}`, { from: 'x' })
    vi.advanceTimersByTime(1_000)
  }
  expect(refusals.counts.malformed).toBe(20_000)
  expect(lines.slice(0, 10).map(({ msg }) => msg)).toEqual(Array.from({ length: 10 }, (_, i) => `wrong 0 ${i}`))
  expect(lines.slice(10).map(({ count }) => count)).toEqual([4_990, 5_000, 5_000, 5_000])
  expect(lines[10]?.msg).toBe('4990 more lines like this were left out in 5 s: malformed')
})

test('a flood of one reason does not hide another, and after a quiet while lines come in full again', () => {
  const { refusals, limited, lines } = refusalLog()
  for (let i = 0; i < 100; i++) refusals.refuse('malformed', 'wrong', {})
  refusals.refuse('unauthorised', 'who is that', {})
  expect(lines.at(-1)).toMatchObject({ reason: 'unauthorised', msg: 'who is that' })
  vi.advanceTimersByTime(10_000)
  expect(lines.at(-1)).toMatchObject({ kind: 'malformed', count: 90 })
  expect(vi.getTimerCount()).toBe(0)
  refusals.refuse('malformed', 'wrong again', {})
  expect(lines.at(-1)).toMatchObject({ reason: 'malformed', msg: 'wrong again' })
  limited.close()
  expect(vi.getTimerCount()).toBe(0)
})

test('in a flood, what would only be counted is counted without a line; not before, and not after it', () => {
  const { refusals, lines } = refusalLog()
  for (let i = 0; i < 10; i++) refusals.refuse('malformed', 'wrong', {})
  expect(refusals.isFlooded).toBe(false)
  refusals.refuse('malformed', 'wrong', {})
  expect(refusals.isFlooded).toBe(true)
  expect([refusals.leavesOut('malformed'), refusals.leavesOut('unauthorised')]).toEqual([true, false])
  expect(refusals.counts).toMatchObject({ malformed: 12, unauthorised: 0 })
  expect(lines).toHaveLength(10)
  vi.advanceTimersByTime(6_000)
  expect(refusals.isFlooded).toBe(false)
})
