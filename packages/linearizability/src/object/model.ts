/** What a model's `apply` returns for an operation that cannot have happened in that state. */
export const IMPOSSIBLE: unique symbol = Symbol('impossible')

/** One operation on any object; it took effect, if at all, at one moment of the closed interval from its invocation to its response. */
export interface ObjectOperation<I, O> {
  readonly process: string
  readonly input: I
  /** What it returned; without meaning if it is pending. */
  readonly output?: O | undefined
  readonly invokedAtMs: number
  /** Absent: pending. A pending operation may or may not have taken effect. */
  readonly respondedAtMs?: number | undefined
}

/** An object as a sequential specification. All functions are pure. */
export interface Model<S, I, O> {
  readonly initial: S
  /** The state after `operation`, or IMPOSSIBLE if it cannot return in `state` what it returned. A pending one may return anything. */
  apply(state: S, operation: ObjectOperation<I, O>): S | typeof IMPOSSIBLE
  /** Equal for states that are equal, and only for these. */
  key(state: S): string
  /** Operations on different parts have nothing to do with each other: the keys of a map. Each part begins in the initial state. */
  part?(input: I): string
  /** Whether this operation leaves every state as it is: a read. `false` is always right, and slower. */
  isQuery?(input: I): boolean
  /**
   * Whether this operation can return in every state, and leaves one that does not depend on the state before: a write. Which of two that overlap came first
   * matters only to what comes after, which saves most of the search. `false` is always right.
   */
  isOverwrite?(input: I): boolean
}

/** A step of a linearization: the operation, and a moment within its interval; moments never decrease. */
export interface Placed<I, O> {
  readonly operation: ObjectOperation<I, O>
  readonly atMs: number
}

export type ObjectVerdict<I, O> =
  | { readonly outcome: 'linearizable'; readonly order: readonly Placed<I, O>[] }
  | {
      readonly outcome: 'not-linearizable'
      /** Of the part that fails, the operations that were open when no order was left, the one that had to respond first. */
      readonly conflict: readonly ObjectOperation<I, O>[]
      readonly reason: string
      /**
       * A prefix that is not linearizable, nearly always the smallest: what was invoked until then. What had no response by then may not have taken effect, or did what
       * it later returned.
       */
      readonly untilMs: number
    }
  | { readonly outcome: 'undecided'; readonly reason: string }
