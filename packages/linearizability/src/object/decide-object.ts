import type { Budget } from '../budget'
import type { Step } from './configurations'
import { Walk, type WalkOptions } from './just-in-time'
import type { Model, ObjectOperation } from './model'
import { type Occasions, occasions } from './occasions'
import { Search } from './search'

/** `order` is a linearization. `untilMs`: there is none, and the history up to this time has none either. `limit`: gave up. */
export type Found<I, O> = { readonly order: readonly ObjectOperation<I, O>[] } | { readonly untilMs: number } | 'limit'

/** Steps of a search before a walk is tried: if operations are pending, and if none is. */
const SHORT = 500
const LONG = 20_000
/** Widths if operations are pending: enough for nearly every linearizable history, at a fraction of the cost of the widest. */
const NARROW = [8, 32, 128]
/** Widths if none is pending: the last is exact if about a dozen operations overlap. */
const NARROW_OF_COMPLETE = [8, 1024]
const BYTES_EACH = 500
const NONE = -1

/**
 * Decides a history. First a short depth-first search, which is fastest if few operations overlap. Then walks: narrow ones; if operations are pending, one
 * that may use these any number of times; and one as wide as the budget allows.
 */
export function decideObject<S, I, O>(model: Model<S, I, O>, operations: readonly ObjectOperation<I, O>[], budget: Budget): Found<I, O> {
  const when = occasions(operations)
  const isComplete = when.kinds === 0
  const found = new Search(model, operations).run(budget, operations.length + (isComplete ? LONG : SHORT))
  if (found === 'none') return { untilMs: smallestPrefix(model, operations, when, budget) }
  if (found !== 'limit') return found
  if (budget.isSpent) return 'limit'
  const narrow = isComplete ? NARROW_OF_COMPLETE : NARROW
  const widest = Math.max(...narrow, Math.floor(budget.limitBytes / BYTES_EACH))
  const walks: WalkOptions[] = [
    ...narrow.map((width) => ({ width, pending: 'once' }) as const),
    ...(isComplete ? [] : [{ width: widest, pending: 'endless' } as const]),
    { width: widest, pending: 'once' },
  ]
  for (const options of walks) {
    const walked = attempt(model, operations, when, options, budget)
    if (walked !== undefined) return walked
  }
  return 'limit'
}

/** One walk; `undefined` if it does not decide. */
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

/** The end of the smallest prefix without an order: where a walk is stuck; otherwise found by a binary search. */
function smallestPrefix<S, I, O>(
  model: Model<S, I, O>,
  operations: readonly ObjectOperation<I, O>[],
  when: Occasions,
  spent: Budget,
): number {
  const walked = attempt(model, operations, when, { width: Math.max(...NARROW_OF_COMPLETE), pending: 'once' }, spent.again())
  if (typeof walked === 'object' && 'untilMs' in walked) return walked.untilMs
  const budget = spent.again()
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

/** The order that the steps of a walk define. An operation without a step goes where it makes no difference. */
function orderOf<S, I, O>(
  { isOverwrite }: Model<S, I, O>,
  operations: readonly ObjectOperation<I, O>[],
  { kind, moments }: Occasions,
  last: Step | undefined,
): number[] {
  const steps: Step[] = []
  for (let step = last; step; step = step.before) steps.push(step)
  steps.reverse()
  const applied = steps.filter(({ how }) => how === 'applied')
  const isPlaced = new Set(applied.map(({ operations: [operation] }) => operation as number))
  /** For each applied operation, what takes effect just before it, and just after it; index 0 of `after` is the beginning. */
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
  /** How many applied operations precede this moment, and the place of the last overwrite: operations without a step were open then. */
  let until = 0
  let at = -1
  moments.forEach((what, moment) => {
    for (; (applied[until]?.moment ?? Number.POSITIVE_INFINITY) <= moment; until += 1)
      if (isOverwrite?.((operations[(applied[until] as Step).operations[0] as number] as ObjectOperation<I, O>).input)) at = until
    const operation = ~what
    if (what < 0 && !isPlaced.has(operation) && kind[operation] === NONE) (before[at] as number[]).push(operation)
  })
  return [
    ...(after[0] as number[]),
    ...applied.flatMap(({ operations: one }, i) => [...(before[i] as number[]), ...one, ...(after[i + 1] as number[])]),
  ]
}
