import { abstraction } from '../layer'
import type { Module, Query, Request } from '../module'

/**
 * Variables that outlive a crash: the book's `store` and `retrieve`. What the instance carries is the record of them:
 * `StableStorage.of<{ epoch: number; log: readonly Entry[] }>()`.
 *
 * All other state is volatile: after a crash it is what the algorithm's `state` makes. An algorithm starts with `retrieve`, whose two answers
 * are the book's ⟨Init⟩ and ⟨Recovery⟩. The requests of a handler take effect in their order: if a handler stores before it sends, the variable
 * is stored when the message arrives. Stored and retrieved values are copies; nothing is shared. `append` adds an entry to a variable that is
 * a list, and copies only this entry.
 */
export interface StableStorage extends Module {
  readonly guarantees: { readonly stableStorage: true }
  /**
   * The variables as they were stored last; none at the first start of the process, or if it crashed before its first store. Call it at the
   * start of an instance: what a handler stores cannot be retrieved before the handler has ended.
   */
  readonly retrieve: Query<[], this['payload'] | undefined>
  /** Stores some of the variables, all of them at once; those not named stay as they are. */
  readonly store: Request<[variables: Partial<this['payload']>]>
  /** Stores one more entry at the end of a variable that is a list. */
  readonly append: Request<Entry<this['payload']>>
}

/** A variable that is a list, and an entry of it. */
type Entry<V> = [keyof V] extends [never]
  ? [variable: string, entry: unknown]
  : { [N in keyof V & string]: V[N] extends readonly (infer E)[] ? [variable: N, entry: E] : never }[keyof V & string]

export const StableStorage = abstraction<StableStorage>({
  name: 'StableStorage',
  instance: 'storage',
  requests: { store: ['variables'], append: ['variable', 'entry'] },
  indications: {},
  queries: { retrieve: [] },
  properties: {
    STO1: 'Stability: what is retrieved has each variable as it was stored last, also if the process has crashed since (safety).',
    STO2: 'Atomicity: a request is stored as a whole or, if the process crashes before, not at all (safety).',
    STO3: 'Order: what is stored by a request was stored before what later requests of the process bring about (safety).',
  },
})
