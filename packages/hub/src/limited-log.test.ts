import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LimitedLog } from './limited-log'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function limited() {
  const lines: string[] = []
  return { lines, log: new LimitedLog((level, text) => lines.push(`${level} ${text}`)) }
}

test('of one kind and subject 10 lines in 5 s, then how many there were; other subjects have their own', () => {
  const { lines, log } = limited()
  for (let i = 0; i < 1_000; i += 1) log.say('warn', 'malformed', 'a', () => `line ${i}`)
  log.say('warn', 'malformed', 'b', () => 'of b')
  expect(lines).toHaveLength(11)
  expect(log.suppressed).toBe(990)
  vi.advanceTimersByTime(5_000)
  expect(lines.slice(11)).toEqual(['warn 990 more lines like this were left out in 5 s: malformed'])
  expect(log.say('warn', 'malformed', 'a', () => 'again')).toBe(true)
})

test('many subjects make 50 lines of a kind, and no line is built that is not shown', () => {
  const { lines, log } = limited()
  let built = 0
  const line = () => {
    built += 1
    return 'line'
  }
  for (let i = 0; i < 100_000; i += 1) log.say('warn', 'refused', `subject ${i}`, line)
  expect([lines.length, built]).toEqual([50, 50])
  log.close()
  expect(lines.at(-1)).toContain('99950 more lines')
})

test('a line that would be left out is counted without being built; one for which there is room is not', () => {
  const { lines, log } = limited()
  expect(log.leavesOut('warn', 'malformed', 'a')).toBe(false)
  for (let i = 0; i < 10; i += 1) log.say('warn', 'malformed', 'a', () => 'line')
  expect([log.leavesOut('warn', 'malformed', 'b'), log.leavesOut('warn', 'malformed', 'a'), log.suppressed]).toEqual([false, true, 1])
  vi.advanceTimersByTime(5_000)
  expect(lines.at(-1)).toBe('warn 1 more lines like this were left out in 5 s: malformed')
  expect(log.leavesOut('warn', 'malformed', 'a')).toBe(false)
})
