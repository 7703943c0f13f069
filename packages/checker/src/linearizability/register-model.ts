import type { Operation } from './history'
import { IMPOSSIBLE, type Model, type ObjectOperation } from './model'

export type RegisterInput<V> = { readonly kind: 'read' } | { readonly kind: 'write'; readonly value: V | undefined }

/** The register as a model. For its histories `linearizable` is the better way; this is what it is compared with. */
export function registerModel<V>(): Model<V | undefined, RegisterInput<V>, V | undefined> {
  return {
    initial: undefined,
    apply(state, { input, output, respondedAtMs }) {
      if (input.kind === 'write') return input.value
      return respondedAtMs === undefined || Object.is(output, state) ? state : IMPOSSIBLE
    },
    key: (state) => `${typeof state} ${String(state)}`,
    isQuery: (input) => input.kind === 'read',
  }
}

/** A register's history as one of that model. */
export function asObjectHistory<V>(history: readonly Operation<V>[]): ObjectOperation<RegisterInput<V>, V | undefined>[] {
  return history.map(({ process, kind, value, invokedAtMs, respondedAtMs }) => ({
    process,
    input: kind === 'read' ? { kind } : { kind, value },
    output: kind === 'read' ? value : undefined,
    invokedAtMs,
    respondedAtMs,
  }))
}
