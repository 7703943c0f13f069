import { algorithm, PerfectPointToPointLinks, Timer } from '@upon/contract'
import { describe, expect, it } from 'vitest'
import { type Fault, LETS_TIME_PASS, type Run, runSeed, type Scenario, simulate } from '../src'

/** Each process sends hello to all when it starts. */
const hello = (faults: readonly Fault[]): Run =>
  simulate({
    processes: 2,
    seed: 1,
    faults,
    record: 'application',
    schedule: { kind: 'fixed', delayMs: 1 },
    setup: (process) => {
      const pl = process.run(PerfectPointToPointLinks.of<string>())
      process.upon(pl.deliver, () => {})
      for (const q of process.processes) pl.send(q, `from ${process.self}`)
      return undefined
    },
  })

const seenBy = ({ trace }: Run, p: string) =>
  trace.entries.flatMap((entry) => {
    if (entry.process !== p) return []
    return [`${entry.timeMs} ${entry.type === 'event' ? `${entry.event} ${entry.attributes.at(-1)}` : entry.type}`]
  })

describe('a process that starts late', () => {
  it('does nothing before its start, and then gets the messages that arrived earlier', () => {
    const run = hello([{ kind: 'start', process: 'p2', atMs: 50 }])
    expect(seenBy(run, 'p2')).toEqual(['50 send from p2', '50 send from p2', '50 deliver from p2', '50 deliver from p1'])
    expect(seenBy(run, 'p1').at(-1)).toBe('51 deliver from p2')
  })

  it('never starts if it crashes before its start', () => {
    const faults: Fault[] = [
      { kind: 'start', process: 'p2', atMs: 50 },
      { kind: 'crash', process: 'p2', atMs: 20 },
    ]
    expect(seenBy(hello(faults), 'p2')).toEqual(['20 crash'])
  })
})

it('a process that never stays up crashes at the end: it is not correct, though it was up when the run came to rest', () => {
  const run = hello([{ kind: 'crash', process: 'p2', atEnd: true }])
  expect(run.end).toBe('quiescent')
  expect(seenBy(run, 'p2').at(-1)).toBe('1 crash')
})

it('timers of a system that is stable from the start drift as the plan says, forever', () => {
  const times: number[] = []
  simulate({
    processes: 1,
    seed: 1,
    faults: [{ kind: 'drift', process: 'p1', percent: 90 }],
    setup: (process) => {
      const timer = process.run(Timer)
      process.upon(timer.timeout, () => {
        if (times.push(process.nowMs) < 2) timer.start(100)
      })
      timer.start(100)
      return undefined
    },
  })
  expect(times).toEqual([90, 180])
})

it('a run that never rests must last until its limit of time, and not use up its events before', () => {
  const ticking = (everyMs: number) =>
    algorithm(
      {
        name: 'ticking',
        implements: { pl: PerfectPointToPointLinks },
        uses: { timer: Timer },
        assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
      },
      ({ timer, upon }) => {
        timer.start(everyMs)
        upon(timer.timeout, () => timer.start(everyMs))
      },
    )
  const scenario = (everyMs: number): Scenario => ({
    name: 'ticking',
    model: 'fail-silent',
    resilience: 'f < N',
    processes: 2,
    rests: 'never',
    limits: { virtualMs: 1_000, events: 2_000 },
    operations: () => [],
    setup: (process) => void process.run(ticking(everyMs)),
    check: () => undefined,
  })
  expect(runSeed(scenario(10), 1).violation).toBeUndefined()
  expect(runSeed(scenario(0.1), 1).violation?.property).toBe(LETS_TIME_PASS)
})
