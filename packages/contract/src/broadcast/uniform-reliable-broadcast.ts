import { abstraction } from '../layer'
import type { ReliableBroadcast } from './reliable-broadcast'

/** Module 3.3, page 82: if any process delivers a message, all correct processes do, even if that process crashes right after it. */
export interface UniformReliableBroadcast extends ReliableBroadcast {
  readonly guarantees: ReliableBroadcast['guarantees'] & { readonly uniformReliableBroadcast: true }
}

export const UniformReliableBroadcast = abstraction<UniformReliableBroadcast>({
  name: 'UniformReliableBroadcast',
  instance: 'urb',
  source: 'Module 3.3, page 82',
  requests: { broadcast: ['m'] },
  indications: { deliver: ['p', 'm'] },
  properties: {
    URB1: 'Validity: if a correct process p broadcasts m, then p eventually delivers m (liveness).',
    URB2: 'No duplication: no process delivers m more than once (safety).',
    URB3: 'No creation: if a process delivers m with sender p, then p broadcast m before (safety).',
    URB4: 'Uniform agreement: if some process delivers m, correct or not, then every correct process eventually delivers m (liveness).',
  },
})
