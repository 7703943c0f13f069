import type { Operation } from '../history'
import { IMPOSSIBLE, type Model, type ObjectOperation } from './model'

/** `cas` replaces `expected` with `value`. */
export type RegisterInput<V> =
  | { readonly kind: 'read' }
  | { readonly kind: 'write'; readonly value: V | undefined }
  | { readonly kind: 'cas'; readonly expected: V | undefined; readonly value: V | undefined }

/**
 * The model of a register with compare-and-swap, initially ⊥ (`undefined`); values are compared like `Map` keys. A read returns the value. A `cas` returns whether it
 * found the expected value; if not, it changed nothing. For histories without `cas`, use `linearizable`: it is faster.
 */
export function registerModel<V>(): Model<V | undefined, RegisterInput<V>, V | boolean | undefined> {
  const numbers = new Map<V | undefined, number>()
  return {
    initial: undefined,
    apply(state, { input, output, respondedAtMs }) {
      const isPending = respondedAtMs === undefined
      if (input.kind === 'write') return input.value
      if (input.kind === 'read') return isPending || isSame(output, state) ? state : IMPOSSIBLE
      const isFound = isSame(input.expected, state)
      if (isPending) return isFound ? input.value : state
      if (output === false) return isFound ? IMPOSSIBLE : state
      return isFound ? input.value : IMPOSSIBLE
    },
    key(state) {
      const number = numbers.get(state) ?? numbers.size
      numbers.set(state, number)
      return String(number)
    },
    isQuery: ({ kind }) => kind === 'read',
    isOverwrite: ({ kind }) => kind === 'write',
  }
}

const isSame = (a: unknown, b: unknown): boolean => a === b || Object.is(a, b)

/** The history of a register in terms of this model. */
export function asObjectHistory<V>(history: readonly Operation<V>[]): ObjectOperation<RegisterInput<V>, V | undefined>[] {
  return history.map(({ process, kind, value, invokedAtMs, respondedAtMs }) => ({
    process,
    input: kind === 'read' ? { kind } : { kind, value },
    output: kind === 'read' ? value : undefined,
    invokedAtMs,
    respondedAtMs,
  }))
}
