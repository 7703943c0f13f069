import { describe, linearization, type Operation, relevant, type Verdict, validate } from './history'
import { Search } from './search'
import { smallestConflict } from './shrink'
import { decideByZones } from './zones'

export interface LinearizableOptions {
  /** `zones` where all writes wrote different values, otherwise `search` (the default does that by itself). */
  readonly method?: 'automatic' | 'search'
  /** Places the search looks at before it gives up as `undecided`; default 300,000, about 100 MB and seconds at worst. */
  readonly limitSteps?: number
}

const LIMIT_STEPS = 300_000
const LIMIT_STEPS_SHRINKING = 20_000

/**
 * Decides whether a history of one register is linearizable (atomic), with a witness either way. O(n log n) where all writes wrote
 * different values; otherwise a search, exponential in the number of overlapping writes at worst.
 * Throws InvalidHistory if an operation ends before it begins.
 */
export function linearizable<V>(history: readonly Operation<V>[], options: LinearizableOptions = {}): Verdict<V> {
  validate(history)
  return (options.method === 'search' ? undefined : decideByZones(history)) ?? decideBySearch(history, options.limitSteps ?? LIMIT_STEPS)
}

function decideBySearch<V>(history: readonly Operation<V>[], limitSteps: number): Verdict<V> {
  const found = new Search(relevant(history)).run(limitSteps)
  if (found === 'limit') {
    return {
      outcome: 'undecided',
      reason: `gave up after ${limitSteps} steps: too many overlapping writes, several of them of the same value`,
    }
  }
  if (found !== 'none') return { outcome: 'linearizable', order: linearization(found.order) }
  const core = smallestConflict(history, LIMIT_STEPS_SHRINKING)
  const plain = decideByZones(core)
  if (plain?.outcome === 'not-linearizable') return plain
  const list = core.map(describe).join(', ')
  return {
    outcome: 'not-linearizable',
    conflict: core,
    reason: `no order of ${list} that respects who ended before whom lets every read return what was last written before it`,
  }
}
