import { algorithm, PerfectPointToPointLinks, RandomSource } from '@upon/contract'
import type { Trace } from '@upon/trace'
import { expect, it } from 'vitest'
import { type ExploredProcess, explore, simulate } from '../src'

const assumes = { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' } as const

/** Draws one number when it starts, and one for each message: it delivers what it drew. */
const drawing = (below: number) =>
  algorithm(
    {
      name: 'drawing',
      implements: { pl: PerfectPointToPointLinks },
      uses: { random: RandomSource, below: PerfectPointToPointLinks.of<unknown>() },
      assumes,
      state: () => ({ first: 0 }),
    },
    ({ pl, random, below: links, state, upon }) => {
      state.first = random.below(below)
      upon(pl.send, (q, m) => links.send(q, m))
      upon(links.deliver, (p) => pl.deliver(p, [state.first, random.below(2)] as never))
    },
  )

const setup = (below: number) => (process: ExploredProcess) => {
  const pl = process.run(drawing(below).of<unknown>())
  process.upon(pl.deliver, () => {})
  return (m: unknown, done: () => void) => {
    pl.send('p2', m)
    done()
  }
}

const drawn = ({ entries }: Trace) =>
  entries.flatMap((entry) => (entry.type === 'event' && entry.event === 'deliver' && entry.path === 'pl' ? [`${entry.attributes[1]}`] : []))

const operations = [{ process: 'p1', afterMs: 0, operation: 'm' }]

it('explores every number that is drawn, also when a process starts, and says what was drawn', () => {
  const seen = new Set<string>()
  const check = (trace: Trace) => {
    for (const numbers of drawn(trace)) seen.add(numbers)
    return undefined
  }
  const { isComplete } = explore({ processes: 2, setup: setup(3), operations, check })
  expect(isComplete).toBe(true)
  expect([...seen].sort()).toEqual(['0,0', '0,1', '1,0', '1,1', '2,0', '2,1'])

  const unlucky = (trace: Trace) => (drawn(trace).includes('2,1') ? { property: 'X', why: 'the largest numbers' } : undefined)
  const { counterexample } = explore({ processes: 2, setup: setup(3), operations, check: unlucky })
  expect(counterexample?.moves).toEqual(['p1 starts, drawing 0', 'p2 starts, drawing 2', 'p1 does "m"', 'p1>p2 pl.below "m", drawing 1'])
})

it('refuses to explore what has no end', () => {
  expect(() => explore({ processes: 1, setup: setup(2 ** 20), check: () => undefined })).toThrow('the explorer tries each number')
})

it('in a simulation, each instance draws from a stream of its own: what one draws changes nothing for another', () => {
  const numbers = (draws: number) => {
    const seen: number[] = []
    simulate({
      processes: 2,
      seed: 1,
      setup: (process) => {
        const a = process.run(RandomSource, 'a')
        const b = process.run(RandomSource, 'b')
        for (let i = 0; i < draws; i++) a.below(100)
        seen.push(...Array.from({ length: 5 }, () => b.below(100)))
        return undefined
      },
    })
    return seen
  }
  expect(numbers(0)).toEqual(numbers(7))
  expect(new Set(numbers(0)).size).toBeGreaterThan(5)
})
