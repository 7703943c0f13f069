import { Budget, type BudgetOptions } from '../budget'
import { validateInterval } from '../history'
import { decideObject } from './decide-object'
import type { Model, ObjectOperation, ObjectVerdict, Placed } from './model'

/**
 * Decides whether a history of any object is linearizable, given its sequential specification. Each part of the object is decided alone. The
 * search is exponential in the number of overlapping operations at worst; for a register, `linearizable` is far faster.
 * Throws InvalidHistory if an operation ends before it begins.
 */
export function linearizableObject<S, I, O>(
  model: Model<S, I, O>,
  history: readonly ObjectOperation<I, O>[],
  options: BudgetOptions = {},
): ObjectVerdict<I, O> {
  history.forEach((operation, index) => {
    validateInterval(operation.invokedAtMs, endOf(operation), `operation ${index} of ${operation.process}`)
  })
  const budget = new Budget(options)
  const placed: Placed<I, O>[] = []
  let undecided = false
  for (const [part, operations] of partsOf(model, history)) {
    const found = decideObject(model, operations, budget)
    if (found === 'limit') undecided = true
    else if ('untilMs' in found) return failure(part, operations, found.untilMs)
    else placed.push(...moments(found.order))
  }
  if (undecided) return { outcome: 'undecided', reason: `gave up after ${budget.reached}: too many overlapping operations` }
  return { outcome: 'linearizable', order: placed.sort((a, b) => a.atMs - b.atMs) }
}

const endOf = <I, O>(operation: ObjectOperation<I, O>): number => operation.respondedAtMs ?? Number.POSITIVE_INFINITY

function partsOf<S, I, O>(model: Model<S, I, O>, history: readonly ObjectOperation<I, O>[]): Map<string, ObjectOperation<I, O>[]> {
  const parts = new Map<string, ObjectOperation<I, O>[]>()
  for (const operation of [...history].sort((a, b) => a.invokedAtMs - b.invokedAtMs)) {
    const part = model.part?.(operation.input) ?? ''
    const others = parts.get(part)
    if (others) others.push(operation)
    else parts.set(part, [operation])
  }
  return parts
}

/** The earliest moment of each operation that fits the order. */
function moments<I, O>(order: readonly ObjectOperation<I, O>[]): Placed<I, O>[] {
  let atMs = Number.NEGATIVE_INFINITY
  return order.map((operation) => {
    atMs = Math.max(atMs, operation.invokedAtMs)
    return { operation, atMs }
  })
}

function failure<I, O>(part: string, operations: readonly ObjectOperation<I, O>[], untilMs: number): ObjectVerdict<I, O> {
  const open = operations.filter((operation) => operation.invokedAtMs <= untilMs && endOf(operation) >= untilMs)
  const conflict = open.sort((a, b) => (endOf(a) === endOf(b) ? 0 : endOf(a) - endOf(b)))
  const last = conflict[0] as ObjectOperation<I, O>
  const reason =
    `no order of the operations${part === '' ? '' : ` on ${part}`} until ${untilMs} ms explains what ${last.process} got ` +
    `for ${JSON.stringify(last.input)}: ${JSON.stringify(last.output)}`
  return { outcome: 'not-linearizable', conflict, reason, untilMs }
}
