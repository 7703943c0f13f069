/**
 * One operation on a read/write register whose initial value is ⊥ (`undefined`).
 * If the operation took effect, it did so at one moment of the closed interval from its invocation to its response.
 */
export interface Operation<V = number> {
  readonly process: string
  readonly kind: 'read' | 'write'
  /** The value written or returned; `undefined` is ⊥. Ignored for a pending read. Values are compared like `Map` keys. */
  readonly value: V | undefined
  readonly invokedAtMs: number
  /** Absent: pending. A pending operation may or may not have taken effect. */
  readonly respondedAtMs?: number | undefined
}

/** A step of a linearization: the operation, the value of the register after it, and a moment within its interval; moments never decrease. */
export interface Linearized<V = number> {
  readonly operation: Operation<V>
  readonly value: V | undefined
  readonly atMs: number
}

/**
 * - `linearizable`: `order` is a witness: all completed operations, and the pending writes that took effect.
 * - `not-linearizable`: `conflict` has operations that no order explains, and `reason` says why in plain words.
 * - `undecided`: the budget was exhausted; `reason` names the limit. Only possible if several writes wrote the same value.
 */
export type Verdict<V = number> =
  | { readonly outcome: 'linearizable'; readonly order: readonly Linearized<V>[] }
  | {
      readonly outcome: 'not-linearizable'
      readonly conflict: readonly Operation<V>[]
      readonly reason: string
      /** The end of the smallest prefix that is not linearizable. The prefix has the operations invoked by then; those without a response by then are pending. */
      readonly untilMs: number
    }
  | { readonly outcome: 'undecided'; readonly reason: string }

/** The history is malformed: an operation ends before it begins, or a time is not a number. */
export class InvalidHistory extends Error {
  override readonly name = 'InvalidHistory'
}

export const responseOf = <V>(operation: Operation<V>): number => operation.respondedAtMs ?? Number.POSITIVE_INFINITY

export const isPending = <V>(operation: Operation<V>): boolean => operation.respondedAtMs === undefined

/** Whether `a` comes before `b` in every linearization: `a` ended before `b` began. */
export const precedes = <V>(a: Operation<V>, b: Operation<V>): boolean => responseOf(a) < b.invokedAtMs

/** Throws InvalidHistory unless every time is a number and no operation ends before it begins. */
export function validate<V>(history: readonly Operation<V>[]): void {
  history.forEach((operation, index) => {
    const response = responseOf(operation)
    if (!(response >= operation.invokedAtMs && Number.isFinite(operation.invokedAtMs)))
      validateInterval(operation.invokedAtMs, response, `operation ${index} (${describe(operation)})`)
  })
}

/** Throws InvalidHistory unless the times are numbers in this order; a response may be infinite. */
export function validateInterval(invokedAtMs: number, respondedAtMs: number, what: string): void {
  if (!Number.isFinite(invokedAtMs) || Number.isNaN(respondedAtMs) || respondedAtMs < invokedAtMs)
    throw new InvalidHistory(`${what} has the interval ${invokedAtMs} to ${respondedAtMs}; expected invocation <= response`)
}

/**
 * The operations that matter, in order of invocation. Pending reads, and pending writes whose value was never read, are left out:
 * a linearization without them is still one.
 */
export function relevant<V>(history: readonly Operation<V>[]): Operation<V>[] {
  const wasRead = new Set<V | undefined>()
  for (const operation of history) if (operation.kind === 'read' && !isPending(operation)) wasRead.add(operation.value)
  const kept = history.filter((operation) => !isPending(operation) || (operation.kind === 'write' && wasRead.has(operation.value)))
  const sorted = kept.every((operation, i) => i === 0 || inOrder(kept[i - 1]!, operation) <= 0)
  return sorted ? kept : kept.sort(inOrder)
}

const inOrder = <V>(a: Operation<V>, b: Operation<V>): number => a.invokedAtMs - b.invokedAtMs || compare(responseOf(a), responseOf(b))

/** Compares two numbers that may both be infinite. */
const compare = (a: number, b: number): number => (a === b ? 0 : a - b)

/** The history as it was known at `atMs`; `original` maps the operations that were pending then to those of `history`. */
export function cutAt<V>(history: readonly Operation<V>[], atMs: number, original: Map<Operation<V>, Operation<V>>): Operation<V>[] {
  return history
    .filter(({ invokedAtMs }) => invokedAtMs <= atMs)
    .map((operation) => {
      if (responseOf(operation) <= atMs) return operation
      const pending = { ...operation, respondedAtMs: undefined }
      original.set(pending, operation)
      return pending
    })
}

/** Gives each operation of a linearization its value and the earliest moment that fits the order. */
export function linearization<V>(order: readonly Operation<V>[]): Linearized<V>[] {
  let value: V | undefined
  let atMs = Number.NEGATIVE_INFINITY
  return order.map((operation) => {
    if (operation.kind === 'write') value = operation.value
    atMs = Math.max(atMs, operation.invokedAtMs)
    return { operation, value, atMs }
  })
}

export const show = (value: unknown): string => (value === undefined ? '⊥' : String(value))

/** `abc-1's write of 5`, `abc-2's read of ⊥`. */
export const describe = <V>(operation: Operation<V>): string => `${operation.process}'s ${operation.kind} of ${show(operation.value)}`
