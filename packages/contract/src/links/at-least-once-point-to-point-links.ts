import type { ProcessId } from '../event'
import { abstraction } from '../layer'
import type { Indication, Module, Request } from '../module'

/**
 * Every message between correct processes arrives, once or more often. Stubborn and perfect links have this in common, and eliminating
 * duplicates needs no more. The module is not in the book. The book's stubborn links never stop, so they can never forget a message; these
 * links may stop when an acknowledgement arrives.
 */
export interface AtLeastOncePointToPointLinks extends Module {
  readonly guarantees: { readonly atLeastOnceLinks: true }
  readonly send: Request<[q: ProcessId, m: this['payload']]>
  readonly deliver: Indication<[p: ProcessId, m: this['payload']]>
}

export const AtLeastOncePointToPointLinks = abstraction<AtLeastOncePointToPointLinks>({
  name: 'AtLeastOncePointToPointLinks',
  instance: 'alo',
  requests: { send: ['q', 'm'] },
  indications: { deliver: ['p', 'm'] },
  properties: {
    ALO1: 'Reliable delivery: if a correct process p sends m to a correct process q, then q eventually delivers m, at least once (liveness).',
    ALO2: 'No creation: if q delivers m with sender p, then p sent m to q before (safety).',
  },
})
