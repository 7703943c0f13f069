import { abstraction } from '../layer'
import type { Module, Query } from '../module'

/** How much the links of the process carry in one message, for algorithms that put many things into one message. */
export interface MessageCapacity extends Module {
  readonly guarantees: { readonly messageCapacity: true }
  /** Whether m fits into a message, with room for what the layers below add. */
  readonly fits: Query<[m: this['payload']], boolean>
}

export const MessageCapacity = abstraction<MessageCapacity>({
  name: 'MessageCapacity',
  instance: 'capacity',
  requests: {},
  indications: {},
  queries: { fits: ['m'] },
  properties: { CAP1: 'Fit: what fits can be sent (safety).' },
})
