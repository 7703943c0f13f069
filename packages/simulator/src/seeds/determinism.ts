import { linesOf, traceHash } from '../engine/recorder'
import type { Run } from '../engine/simulate'
import { runSeed, type Scenario } from './scenario'

/** Two runs of one seed differed, or would on another machine. */
export class NotDeterministic extends Error {
  override readonly name = 'NotDeterministic'
}

/** More events than a run needs to come to rest; a run that goes on is compared up to this limit. */
const LIMIT_EVENTS = 50_000

/**
 * Runs a seed twice, compares the traces entry by entry, and returns their hash, to compare with that of other processes and machines.
 * Throws NotDeterministic with the first entry that differs.
 */
export function checkDeterminism<O>(scenario: Scenario<O>, seed: number): string {
  const [first, second] = [0, 1].map(() => runSeed(scenario, seed, { record: 'everything', limits: { events: LIMIT_EVENTS } }).run) as [
    Run,
    Run,
  ]
  const [a, b] = [linesOf(first.trace.entries), linesOf(second.trace.entries)]
  const at = a.findIndex((line, i) => line !== b[i])
  if (at >= 0 || a.length !== b.length) {
    const entry = at >= 0 ? at : Math.min(a.length, b.length)
    throw new NotDeterministic(`${scenario.name}, seed ${seed}: entry ${entry} was ${a[entry] ?? 'absent'}, then ${b[entry] ?? 'absent'}`)
  }
  if (first.hash !== second.hash) throw new NotDeterministic(`${scenario.name}, seed ${seed}: the same trace, but not the same schedule`)
  return `${first.hash}-${traceHash(first.trace)}`
}
