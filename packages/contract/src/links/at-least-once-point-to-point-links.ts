import type { ProcessId } from '../event'
import { abstraction } from '../layer'
import type { Indication, Module, Request } from '../module'

/**
 * What stubborn and perfect links have in common, and all that eliminating duplicates needs: every message between correct processes
 * arrives, once or more often. Not in the book, whose stubborn links can never stop, and so never forget a message: this module is what is
 * left of them when an acknowledgement ends the retransmission.
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
