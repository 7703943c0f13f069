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

test('10 lines of one kind and subject in 5 s, then how many there were; other subjects have their own', () => {
  const { lines, log } = limited()
  const about = (subject: string) => ({ kind: 'malformed', subject })
  for (let i = 0; i < 1_000; i++) log.line('warn', about('a'), `line ${i}`)
  log.line('warn', about('b'), 'of b')
  expect(lines).toHaveLength(11)
  expect(log.suppressed).toBe(990)
  vi.advanceTimersByTime(5_000)
  expect(lines.slice(11)).toEqual(['warn 990 more lines like this were left out in 5 s: malformed'])
})

test('as long as a subject floods it makes one line in 5 s; the others have room, and so has it after a quiet while', () => {
  const { lines, log } = limited()
  const about = (subject: string) => ({ kind: 'malformed', subject })
  const flood = () => {
    for (let i = 0; i < 100; i++) log.line('warn', about('a'), 'line')
    vi.advanceTimersByTime(5_000)
  }
  for (let window = 0; window < 20; window++) flood()
  expect(lines).toHaveLength(10 + 20)
  expect(log.line('warn', about('a'), 'more')).toBe(false)
  expect(log.line('warn', about('b'), 'of b')).toBe(true)
  vi.advanceTimersByTime(10_000)
  expect(log.line('warn', about('a'), 'again')).toBe(true)
  vi.advanceTimersByTime(5_000)
  expect(vi.getTimerCount()).toBe(0)
})

test('many subjects make 50 lines of a kind in 5 s and take no memory; no line is built that is not written', () => {
  const { lines, log } = limited()
  let built = 0
  const line = () => {
    built++
    return 'line'
  }
  for (let i = 0; i < 100_000; i++) log.line('warn', { kind: 'refused', subject: `subject ${i}` }, line)
  expect([lines.length, built]).toEqual([50, 50])
  log.close()
  expect(lines.at(-1)).toContain('99950 more lines')
  expect(vi.getTimerCount()).toBe(0)
})

test('a line that would be left out is counted without being built; one for which there is room is not', () => {
  const { lines, log } = limited()
  const about = (subject: string) => ({ kind: 'malformed', subject })
  expect(log.leavesOut('warn', about('a'))).toBe(false)
  for (let i = 0; i < 10; i++) log.line('warn', about('a'), 'line')
  expect([log.leavesOut('warn', about('b')), log.leavesOut('warn', about('a')), log.suppressed]).toEqual([false, true, 1])
  vi.advanceTimersByTime(5_000)
  expect(lines.at(-1)).toBe('warn 1 more lines like this were left out in 5 s: malformed')
  vi.advanceTimersByTime(5_000)
  expect(log.leavesOut('warn', about('a'))).toBe(false)
})

test('a line may stand for many events', () => {
  const { lines, log } = limited()
  for (let i = 0; i < 12; i++) log.line('info', { kind: 'dropped', count: 1_000 }, 'a thousand')
  log.close()
  expect(lines.at(-1)).toBe('info 2000 more lines like this were left out in 5 s: dropped')
})

test('a log that throws harms nobody, neither now nor when a window ends', () => {
  const log = new LimitedLog(() => {
    throw new Error('a full disk')
  })
  for (let i = 0; i < 20; i++) log.say('warn', 'line')
  vi.advanceTimersByTime(5_000)
  expect(log.failures).toBe(11)
})
