import { abstraction } from '../layer'
import type { BestEffortBroadcast } from './best-effort-broadcast'

/** Module 3.2, page 77: if a correct process delivers a message, all correct processes do, even if the sender crashed while it sent. */
export interface ReliableBroadcast extends BestEffortBroadcast {
  readonly guarantees: { readonly bestEffortBroadcast: true; readonly reliableBroadcast: true }
}

export const ReliableBroadcast = abstraction<ReliableBroadcast>({
  name: 'ReliableBroadcast',
  instance: 'rb',
  source: 'Module 3.2, page 77',
  requests: { broadcast: ['m'] },
  indications: { deliver: ['p', 'm'] },
  properties: {
    RB1: 'Validity: if a correct process p broadcasts m, then p eventually delivers m (liveness).',
    RB2: 'No duplication: no process delivers m more than once (safety).',
    RB3: 'No creation: if a process delivers m with sender p, then p broadcast m before (safety).',
    RB4: 'Agreement: if some correct process delivers m, then every correct process eventually delivers m (liveness).',
  },
})
