import type { ReliableBroadcast } from '../broadcast/reliable-broadcast'
import { abstraction } from '../layer'

/** Module 6.1, page 283: a reliable broadcast. All correct processes deliver its messages in the same order, even messages of different senders. */
export interface TotalOrderBroadcast extends ReliableBroadcast {
  readonly guarantees: ReliableBroadcast['guarantees'] & { readonly totalOrder: true }
}

export const TotalOrderBroadcast = abstraction<TotalOrderBroadcast>({
  name: 'TotalOrderBroadcast',
  instance: 'tob',
  source: 'Module 6.1, page 283',
  requests: { broadcast: ['m'] },
  indications: { deliver: ['p', 'm'] },
  properties: {
    TOB1: 'Validity: if a correct process p broadcasts m, then p eventually delivers m (liveness).',
    TOB2: 'No duplication: no process delivers m more than once (safety).',
    TOB3: 'No creation: if a process delivers m with sender p, then p broadcast m before (safety).',
    TOB4: 'Agreement: if some correct process delivers m, then every correct process eventually delivers m (liveness).',
    TOB5: 'Total order: two correct processes that both deliver two messages deliver them in the same order (safety).',
  },
})
