import { Budget, type BudgetOptions } from '../budget'
import { describe, linearization, type Operation, type Verdict, validate } from '../history'
import { decideBySweep } from './decide-register'
import { smallestConflict } from './shrink'
import { decideByZones } from './zones'

export interface LinearizableOptions extends BudgetOptions {
  /** `automatic`, the default: zones if all writes wrote different values, otherwise a sweep. */
  readonly method?: 'automatic' | 'sweep'
}

/**
 * Decides whether a history of one register is linearizable (atomic), with a witness either way. O(n log n) if all writes wrote different
 * values; otherwise a sweep over the history, which is nearly linear unless values are read far more often than written while many
 * writes are pending. Throws InvalidHistory if an operation ends before it begins.
 */
export function linearizable<V>(history: readonly Operation<V>[], options: LinearizableOptions = {}): Verdict<V> {
  validate(history)
  return (options.method === 'sweep' ? undefined : decideByZones(history)) ?? bySweep(history, new Budget(options))
}

function bySweep<V>(history: readonly Operation<V>[], budget: Budget): Verdict<V> {
  const decided = decideBySweep(history, budget)
  if (decided === 'limit') {
    return {
      outcome: 'undecided',
      reason: `gave up after ${budget.reached}: too many overlapping writes, several of them of the same value`,
    }
  }
  if ('order' in decided) return { outcome: 'linearizable', order: linearization(decided.order) }
  const { untilMs } = decided
  const core = smallestConflict(history, untilMs)
  const plain = decideByZones(core)
  if (plain?.outcome === 'not-linearizable') return { ...plain, untilMs }
  const list = core.map(describe).join(', ')
  const reason = `in no order of ${list} that keeps operations that do not overlap in their order does every read return the last value written before it`
  return { outcome: 'not-linearizable', conflict: core, reason, untilMs }
}
