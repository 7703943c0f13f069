import { abstraction, algorithm, type Indication, type Module, PerfectPointToPointLinks, Timer } from '@upon/contract'
import type { Trace } from '@upon/trace'
import { describe, expect, it } from 'vitest'
import { type ExploredProcess, explore } from '../src'

interface Bell extends Module {
  readonly guarantees: { readonly bell: true }
  readonly ring: Indication<[times: number]>
}
const Bell = abstraction<Bell>({ name: 'Bell', instance: 'bell', requests: {}, indications: { ring: ['times'] }, properties: {} })

/** Each process sends the other a request at each tick, and rings when enough answers have come. */
const bell = (rings: number, most: number) =>
  algorithm(
    {
      name: 'bell',
      implements: { bell: Bell },
      uses: { pl: PerfectPointToPointLinks.of<string>(), timer: Timer },
      assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
      state: () => ({ answers: 0 }),
    },
    ({ bell, pl, timer, state, self, processes, upon }) => {
      timer.start(1)
      upon(timer.timeout, () => {
        for (const p of processes) if (p !== self) pl.send(p, 'ask')
        timer.start(1)
      })
      upon(pl.deliver, (p, m) => {
        if (m === 'ask') pl.send(p, 'answer')
        else if (state.answers < most && ++state.answers === rings) bell.ring(rings)
      })
    },
  )

const mustRing = ({ end, entries }: Trace) =>
  end === 'quiescent' && entries.length === 0 ? { property: 'RINGS', why: 'it never rang' } : undefined
const ringing = (rings: number, most: number) =>
  explore({ processes: 2, setup: (process) => void process.run(bell(rings, most)), check: mustRing })

describe('an end where nothing but timers goes on', () => {
  it('is quiescent once a round repeats: liveness that has not been reached by then is violated', () => {
    const { counterexample } = ringing(9, 5)
    expect(counterexample?.violation.property).toBe('RINGS')
    expect(counterexample?.moves.at(-1)).toContain('each timer times out in turn')
  })

  it('is no violation where liveness is reached on the way', () => {
    const { ends, isComplete, counterexample } = ringing(5, 5)
    expect(counterexample).toBeUndefined()
    expect({ cut: ends.cut, isComplete }).toEqual({ cut: 0, isComplete: true })
    expect(ends.quiescent).toBeGreaterThan(0)
  })

  it('is cut where no state repeats', () => {
    const { ends, isComplete } = ringing(5, Number.POSITIVE_INFINITY)
    expect({ quiescent: ends.quiescent, isComplete }).toEqual({ quiescent: 0, isComplete: true })
    expect(ends.cut).toBeGreaterThan(0)
  })
})

/** What a detector of p1 indicates on all schedules. */
function said(module: keyof ExploredProcess['detectors'], options: { readonly crashes?: number; readonly lies?: number }): string[] {
  const found = new Set<string>()
  const { isComplete } = explore({
    processes: 2,
    ...options,
    setup: (process) => void process.run(process.detectors[module]),
    check: ({ end, entries }) => {
      const own = entries.flatMap((entry) => {
        if (entry.type === 'event') return entry.process === 'p1' ? [`${entry.event} ${entry.attributes[0]}`] : []
        return [`${entry.process} crashed`]
      })
      if (end === 'quiescent' && !own.includes('p1 crashed')) found.add(own.join(', '))
      return undefined
    },
  })
  expect(isComplete).toBe(true)
  return [...found].sort()
}

describe('a detector in the explorer', () => {
  it('is eventually right, and is wrong at most `lies` times: whom it suspects', () => {
    expect(said('EventuallyPerfectFailureDetector', { crashes: 1 })).toEqual(['', 'p2 crashed, suspect p2'])
    expect(said('EventuallyPerfectFailureDetector', { crashes: 1, lies: 1 })).toEqual([
      '',
      'p2 crashed, suspect p1, restore p1, suspect p2',
      'p2 crashed, suspect p1, suspect p2, restore p1',
      'p2 crashed, suspect p2',
      'p2 crashed, suspect p2, restore p2, suspect p2',
      'p2 crashed, suspect p2, suspect p1, restore p1',
      'suspect p1, p2 crashed, restore p1, suspect p2',
      'suspect p1, p2 crashed, suspect p2, restore p1',
      'suspect p1, restore p1',
      'suspect p1, restore p1, p2 crashed, suspect p2',
      'suspect p2, p2 crashed',
      'suspect p2, restore p2',
      'suspect p2, restore p2, p2 crashed, suspect p2',
    ])
  })

  it('is eventually right, and is wrong at most `lies` times: whom it trusts, from the start', () => {
    expect(said('EventualLeaderDetector', {})).toEqual(['trust p2'])
    expect(said('EventualLeaderDetector', { crashes: 1 })).toEqual(['trust p2', 'trust p2, p2 crashed, trust p1'])
    const liesTwice = 'trust p2, trust p1, trust p2, trust p1, trust p2'
    expect(said('EventualLeaderDetector', { lies: 2 })).toEqual(['trust p2', 'trust p2, trust p1, trust p2', liesTwice])
  })
})
