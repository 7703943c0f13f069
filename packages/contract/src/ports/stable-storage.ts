import { abstraction } from '../layer'
import type { Indication, Module, Request } from '../module'

/**
 * Variables that outlive a crash: the book's `store` and `retrieve`. What the instance carries is the record of them:
 * `StableStorage.of<{ epoch: number }>()`.
 *
 * Put it first in `uses`: then ⟨Init⟩ or ⟨Recovery⟩ comes before any message and any request from above. All other state is
 * volatile, and after a crash as the algorithm's `state` makes it. The requests of a handler are carried out in their order, so what is
 * stored before a message is sent was stored when the message is there. What is handed over is copied as it is then, and so is
 * what is retrieved: nothing is shared.
 */
export interface StableStorage extends Module {
  readonly guarantees: { readonly stableStorage: true }
  /** Nothing was stored here yet: the first start of the process, or one whose crash came before its first store. */
  readonly init: Indication<[]>
  /** The process has crashed since it stored these. */
  readonly recovery: Indication<[variables: this['payload']]>
  /** Stores some of the variables, all of them at once; those not named stay as they are. */
  readonly store: Request<[variables: Partial<this['payload']>]>
}

export const StableStorage = abstraction<StableStorage>({
  name: 'StableStorage',
  instance: 'storage',
  requests: { store: ['variables'] },
  indications: { init: [], recovery: ['variables'] },
  properties: {
    STO1: 'Start: whenever the instance starts, ⟨Init⟩ or ⟨Recovery⟩ is indicated first, once; ⟨Init⟩ if nothing was stored (safety, liveness).',
    STO2: 'Stability: ⟨Recovery⟩ gives each variable the value that was stored last, also if the process has crashed since (safety).',
    STO3: 'Atomicity: a request is stored as a whole or, if the process crashes before, not at all (safety).',
  },
})
