import { join } from 'node:path'
import { type Run, runSeeds, type Scenario } from '@upon/simulator'
import { describe, expect, it } from 'vitest'
import { root } from './lib/workspace.mjs'

const { LeaderLock } = await import(join(root, 'examples/leader-lock.mjs')) // by its path: it is JavaScript, without types

const eventsOf = ({ trace }: Run) => trace.entries.flatMap((entry) => (entry.type === 'event' ? [entry] : []))

/** Who leads in the end: of those that do not crash, the one with the highest rank. */
function lastLeader({ trace }: Run) {
  const crashed = trace.entries.flatMap((entry) => (entry.type === 'crash' ? [entry.process] : []))
  return trace.processes.findLast(({ id }) => !crashed.includes(id))?.id
}

const holdersOf = (run: Run) =>
  eventsOf(run).flatMap(({ event, attributes: [term, holder] }) => (event === 'held' ? [{ term, holder }] : []))

/** Each process acquires the lock twice, early or late, while faults happen. */
const scenario: Scenario<'acquire'> = {
  name: 'leader-lock',
  processes: 3,
  resilience: 'f < N/2',
  operations: (random, processes) =>
    [...processes, ...processes].map((process) => ({ process, afterMs: random.below(200), operation: 'acquire' })),
  setup: (process) => {
    const lock = process.run(LeaderLock) as unknown as { acquire(): void }
    return () => lock.acquire()
  },
  check: (run) => {
    const holders = new Map<unknown, unknown>()
    for (const { term, holder } of holdersOf(run)) {
      if (holders.has(term) && holders.get(term) !== holder) return { property: 'L1', why: `two hold it in term ${term}` }
      holders.set(term, holder)
    }
    const leader = lastLeader(run)
    const own = eventsOf(run).filter(
      ({ process, event, attributes }) => process === leader && (event === 'acquire' || attributes[1] === leader),
    )
    if (run.end === 'quiescent' && own.at(-1)?.event !== 'held') return { property: 'L2', why: `${leader} never gets what it acquired` }
    return undefined
  },
  sometimes: { 'the lock moves to another': (run) => new Set(holdersOf(run).map(({ holder }) => holder)).size > 1 },
}

describe('the lock of the examples', () => {
  it('L1, L2: one holder a term, and who leads in the end gets what it acquired, whatever 500 seeds draw', { timeout: 60_000 }, () => {
    const { failures, cut, sometimes } = runSeeds(scenario, 1, 500)
    expect(failures).toEqual([])
    expect(cut).toBe(0)
    expect(sometimes['the lock moves to another']).toBeGreaterThan(10)
  })
})
