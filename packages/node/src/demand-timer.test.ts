import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DemandTimer } from './demand-timer'

const DELAY_MS = 100

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** A timer whose user restarts it at each time-out, as a failure detector does; `firedAtMs` says when. */
function detector() {
  const startMs = performance.now()
  const firedAtMs: number[] = []
  const expiries: number[] = []
  const timer = new DemandTimer(
    () => {},
    () => void expiries.push(firedAtMs.length),
  )
  const site = { path: 'epfd.timer', self: 'p', processes: ['p'], parameters: {} }
  const service = timer.open({
    ...site,
    indicate: {
      timeout: () => {
        firedAtMs.push(performance.now() - startMs)
        service.upon.start(DELAY_MS)
      },
    },
  })
  service.upon.start(DELAY_MS)
  return { timer, firedAtMs, expiries, close: () => service.close?.() }
}

/** The next timer that expires finds that so much more time has passed than it asked for. */
const late = (byMs: number) => vi.spyOn(performance, 'now').mockReturnValueOnce(performance.now() + DELAY_MS + byMs)

describe('a timer that nobody needs', () => {
  it.each([1, 20, 3_600])('stands still for %s s, and times out as soon as a topic needs it', (seconds) => {
    const { timer, firedAtMs } = detector()
    vi.advanceTimersByTime(seconds * 1_000)
    expect(firedAtMs).toEqual([])
    timer.needed = true
    expect(firedAtMs).toEqual([seconds * 1_000])
    vi.advanceTimersByTime(2 * DELAY_MS)
    expect(firedAtMs.slice(1)).toEqual([1, 2].map((n) => seconds * 1_000 + n * DELAY_MS)) // and keeps time from there
  })

  it('costs nothing: no timer of the machine runs', () => {
    detector()
    vi.advanceTimersByTime(1_000)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is needed before its first time-out: it times out in time, not early', () => {
    const { timer, firedAtMs } = detector()
    timer.needed = true
    vi.advanceTimersByTime(DELAY_MS - 1)
    expect(firedAtMs).toEqual([])
    vi.advanceTimersByTime(1)
    expect(firedAtMs).toEqual([DELAY_MS])
  })

  it('a nudge wakes it for twenty periods, and a second one for twenty more, not forty', () => {
    const { timer, firedAtMs } = detector()
    vi.advanceTimersByTime(10_000)
    timer.nudge()
    expect(firedAtMs).toEqual([10_000])
    vi.advanceTimersByTime(4 * DELAY_MS)
    timer.nudge()
    vi.advanceTimersByTime(100 * DELAY_MS)
    expect(firedAtMs).toHaveLength(5 + 20)
  })

  it('once closed, stays silent', () => {
    const { timer, firedAtMs, close } = detector()
    vi.advanceTimersByTime(1_000)
    close()
    timer.nudge()
    timer.needed = true
    vi.advanceTimersByTime(1_000)
    expect(firedAtMs).toEqual([])
  })
})

describe('a process that is too busy to be on time', () => {
  const lateOnce = (byMs: number) => {
    late(byMs)
    vi.advanceTimersByTime(DELAY_MS)
  }

  it('puts a time-out off, by as long as it was late', () => {
    const { timer, firedAtMs } = detector()
    timer.needed = true
    late(30)
    vi.advanceTimersByTime(DELAY_MS + 29)
    expect(firedAtMs).toEqual([])
    vi.advanceTimersByTime(1)
    expect(firedAtMs).toEqual([DELAY_MS + 30])
  })

  it('but by no more than its delay, however long it was frozen', () => {
    const { timer, firedAtMs } = detector()
    timer.needed = true
    late(3_600_000)
    vi.advanceTimersByTime(2 * DELAY_MS)
    expect(firedAtMs).toEqual([2 * DELAY_MS])
  })

  it('five times in a row, and not a sixth; and after one in time, five times more', () => {
    const { timer, firedAtMs, expiries } = detector()
    timer.needed = true
    for (let i = 0; i < 5; i++) lateOnce(DELAY_MS)
    expect(firedAtMs).toEqual([])
    lateOnce(DELAY_MS)
    expect(firedAtMs).toEqual([6 * DELAY_MS])
    vi.advanceTimersByTime(DELAY_MS)
    expect(firedAtMs).toEqual([6 * DELAY_MS, 7 * DELAY_MS])
    for (let i = 0; i < 5; i++) lateOnce(DELAY_MS)
    expect(firedAtMs).toHaveLength(2)
    lateOnce(DELAY_MS)
    expect(firedAtMs).toHaveLength(3)
    expect(expiries).toEqual([0, 1, 2]) // asked who was heard from just before each
  })

  it('forgets that it was late when it comes to stand still', () => {
    const { timer, firedAtMs } = detector()
    timer.needed = true
    for (let i = 0; i < 4; i++) lateOnce(DELAY_MS)
    timer.needed = false
    vi.advanceTimersByTime(60_000)
    timer.needed = true
    expect(firedAtMs).toHaveLength(1)
    for (let i = 0; i < 5; i++) lateOnce(DELAY_MS)
    expect(firedAtMs).toHaveLength(1)
  })
})
