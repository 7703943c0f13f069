import { abstraction } from '../layer'
import type { ReliableBroadcast } from './reliable-broadcast'

/** Module 3.8, page 102: a reliable broadcast that delivers the messages of each sender in the order in which it broadcast them, without gaps. */
export interface FIFOReliableBroadcast extends ReliableBroadcast {
  readonly guarantees: ReliableBroadcast['guarantees'] & { readonly fifoOrder: true }
}

export const FIFOReliableBroadcast = abstraction<FIFOReliableBroadcast>({
  name: 'FIFOReliableBroadcast',
  instance: 'frb',
  source: 'Module 3.8, page 102',
  requests: { broadcast: ['m'] },
  indications: { deliver: ['p', 'm'] },
  properties: {
    FRB1: 'Validity: if a correct process p broadcasts m, then p eventually delivers m (liveness).',
    FRB2: 'No duplication: no process delivers m more than once (safety).',
    FRB3: 'No creation: if a process delivers m with sender p, then p broadcast m before (safety).',
    FRB4: 'Agreement: if some correct process delivers m, then every correct process eventually delivers m (liveness).',
    FRB5: 'FIFO delivery: if a process broadcasts m1 before m2, then no correct process delivers m2 before it has delivered m1 (safety).',
  },
})
