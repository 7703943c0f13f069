import { abstraction } from '../layer'
import type { FIFOReliableBroadcast } from './fifo-reliable-broadcast'

/**
 * Module 3.9, page 104: a reliable broadcast that delivers no message before those that may have caused it: what its sender had broadcast
 * or delivered, and all that came before that.
 */
export interface CausalOrderReliableBroadcast extends FIFOReliableBroadcast {
  readonly guarantees: FIFOReliableBroadcast['guarantees'] & { readonly causalOrder: true }
}

export const CausalOrderReliableBroadcast = abstraction<CausalOrderReliableBroadcast>({
  name: 'CausalOrderReliableBroadcast',
  instance: 'crb',
  source: 'Module 3.9, page 104',
  requests: { broadcast: ['m'] },
  indications: { deliver: ['p', 'm'] },
  properties: {
    CRB1: 'Validity: if a correct process p broadcasts m, then p eventually delivers m (liveness).',
    CRB2: 'No duplication: no process delivers m more than once (safety).',
    CRB3: 'No creation: if a process delivers m with sender p, then p broadcast m before (safety).',
    CRB4: 'Agreement: if some correct process delivers m, then every correct process eventually delivers m (liveness).',
    CRB5: 'Causal delivery: if m1 may have caused m2, then no process delivers m2 before it has delivered m1 (safety).',
  },
})
