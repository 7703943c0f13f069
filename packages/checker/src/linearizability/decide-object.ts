import type { Budget } from './budget'
import type { Step } from './configurations'
import { Walk, type WalkOptions } from './just-in-time'
import type { Model, ObjectOperation } from './model'
import { type Occasions, occasions } from './occasions'
import { Search } from './search'

/** `order` is a linearization. `untilMs`: there is none, not even of the history up to then. `limit`: gave up. */
export type Found<I, O> = { readonly order: readonly ObjectOperation<I, O>[] } | { readonly untilMs: number } | 'limit'

/** Steps of a search before a walk is tried, where operations are pending and where none is. */
const SHORT = 500
const LONG = 20_000
/** Enough for nearly every history that is linearizable; a little of what the widest costs. */
const NARROW = [8, 32, 128]
const BYTES_EACH = 500

/**
 * Decides a history. A short search, depth first, is the fastest where little overlaps. Then come walks: a narrow one, one in which pending operations never run
 * out, and one as wide as the budget allows; where nothing is pending, their advantage is gone, and the search goes on instead.
 */
export function decideObject<S, I, O>(model: Model<S, I, O>, operations: readonly ObjectOperation<I, O>[], budget: Budget): Found<I, O> {
  const when = occasions(operations)
  const search = new Search(model, operations)
  const found = search.run(budget, operations.length + (when.kinds > 0 ? SHORT : LONG))
  if (found === 'none') return { untilMs: smallestPrefix(model, operations, budget.again()) }
  if (found !== 'limit') return found
  if (budget.isSpent) return 'limit'
  for (const width of NARROW) {
    const narrow = attempt(model, operations, when, { width, pending: 'once' }, budget)
    if (narrow !== undefined) return narrow
  }
  const widest = Math.max(...NARROW, Math.floor(budget.limitBytes / BYTES_EACH))
  if (when.kinds > 0)
    return (
      attempt(model, operations, when, { width: widest, pending: 'endless' }, budget) ??
      attempt(model, operations, when, { width: widest, pending: 'once' }, budget) ??
      'limit'
    )
  const searched = search.run(budget, Number.POSITIVE_INFINITY)
  return searched === 'none' ? { untilMs: smallestPrefix(model, operations, budget.again()) } : searched
}

/** One walk; nothing if it does not decide. */
function attempt<S, I, O>(
  model: Model<S, I, O>,
  operations: readonly ObjectOperation<I, O>[],
  when: Occasions,
  options: WalkOptions,
  budget: Budget,
): Found<I, O> | undefined {
  const walked = new Walk(model, operations, when, options, budget).run()
  if (walked.end === 'limit') return 'limit'
  if (walked.end === 'stuck')
    return walked.exact ? { untilMs: operations[~(when.moments[walked.moment] as number)]?.respondedAtMs as number } : undefined
  if (options.pending === 'endless') return undefined
  return { order: orderOf(model, operations, when, walked.last).map((i) => operations[i] as ObjectOperation<I, O>) }
}

const endOf = <I, O>(operation: ObjectOperation<I, O>): number => operation.respondedAtMs ?? Number.POSITIVE_INFINITY

/** The end of the smallest prefix that a search finds not to be linearizable. */
function smallestPrefix<S, I, O>(model: Model<S, I, O>, operations: readonly ObjectOperation<I, O>[], budget: Budget): number {
  const endsMs = operations.map(endOf).filter(Number.isFinite)
  endsMs.sort((a, b) => a - b)
  let [low, high] = [0, endsMs.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    const untilMs = endsMs[middle] as number
    const prefix = operations
      .filter(({ invokedAtMs }) => invokedAtMs <= untilMs)
      .map((operation) => (endOf(operation) <= untilMs ? operation : { ...operation, respondedAtMs: undefined }))
    if (new Search(model, prefix).run(budget, Number.POSITIVE_INFINITY) === 'none') high = middle
    else low = middle + 1
  }
  return endsMs[low] as number
}

/** The order that follows from the steps of a walk: what had no step of its own goes where it makes no difference. */
function orderOf<S, I, O>(
  { isOverwrite }: Model<S, I, O>,
  operations: readonly ObjectOperation<I, O>[],
  { begin, kind, moments }: Occasions,
  last: Step | undefined,
): number[] {
  const steps: Step[] = []
  for (let step = last; step; step = step.before) steps.push(step)
  steps.reverse()
  const applied = steps.filter(({ how }) => how === 'applied')
  const isPlaced = new Set(applied.map(({ operations: [operation] }) => operation as number))
  /** By the place of what was applied: what takes effect just before it, and just after it; at 0 what does at the beginning. */
  const [before, after] = [applied, [undefined, ...applied]].map((places) => places.map((): number[] => [])) as [number[][], number[][]]
  let place = 0
  for (const { how, operations: some } of steps) {
    if (how === 'applied') place += 1
    else
      for (const operation of some.filter((one) => !isPlaced.has(one))) {
        isPlaced.add(operation)
        ;(after[place] as number[]).push(operation)
      }
  }
  moments.forEach((what, moment) => {
    const operation = ~what
    if (what >= 0 || isPlaced.has(operation) || kind[operation] !== -1) return
    const at = applied.findLastIndex(
      (step) =>
        step.moment <= moment &&
        step.moment >= (begin[operation] as number) &&
        isOverwrite?.((operations[step.operations[0] as number] as ObjectOperation<I, O>).input) === true,
    )
    ;(before[at] as number[]).push(operation)
  })
  return [
    ...(after[0] as number[]),
    ...applied.flatMap(({ operations: one }, i) => [...(before[i] as number[]), ...one, ...(after[i + 1] as number[])]),
  ]
}
