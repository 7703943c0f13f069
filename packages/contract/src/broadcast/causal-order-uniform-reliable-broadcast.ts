import { abstraction } from '../layer'
import type { CausalOrderReliableBroadcast } from './causal-order-reliable-broadcast'
import type { UniformReliableBroadcast } from './uniform-reliable-broadcast'

/** Module 3.10, page 104: a uniform reliable broadcast that delivers no message before those that may have caused it. */
export interface CausalOrderUniformReliableBroadcast extends UniformReliableBroadcast, CausalOrderReliableBroadcast {
  readonly guarantees: UniformReliableBroadcast['guarantees'] & CausalOrderReliableBroadcast['guarantees']
}

export const CausalOrderUniformReliableBroadcast = abstraction<CausalOrderUniformReliableBroadcast>({
  name: 'CausalOrderUniformReliableBroadcast',
  instance: 'curb',
  source: 'Module 3.10, page 104',
  requests: { broadcast: ['m'] },
  indications: { deliver: ['p', 'm'] },
  properties: {
    CURB1: 'Validity: if a correct process p broadcasts m, then p eventually delivers m (liveness).',
    CURB2: 'No duplication: no process delivers m more than once (safety).',
    CURB3: 'No creation: if a process delivers m with sender p, then p broadcast m before (safety).',
    CURB4: 'Uniform agreement: if some process delivers m, correct or not, then every correct process eventually delivers m (liveness).',
    CURB5: 'Causal delivery: if m1 may have caused m2, then no process delivers m2 before it has delivered m1 (safety).',
  },
})
