import { abstraction } from '../layer'
import type { PerfectPointToPointLinks } from './perfect-point-to-point-links'

/** Module 2.11, page 68: perfect links that deliver the messages from one process to another in the order in which they were sent, without gaps. */
export interface FIFOPerfectPointToPointLinks extends PerfectPointToPointLinks {
  readonly guarantees: PerfectPointToPointLinks['guarantees'] & { readonly fifoOrder: true }
}

export const FIFOPerfectPointToPointLinks = abstraction<FIFOPerfectPointToPointLinks>({
  name: 'FIFOPerfectPointToPointLinks',
  instance: 'fpl',
  source: 'Module 2.11, page 68',
  requests: { send: ['q', 'm'] },
  indications: { deliver: ['p', 'm'] },
  properties: {
    FPL1: 'Reliable delivery: if a correct process p sends m to a correct process q, then q eventually delivers m (liveness).',
    FPL2: 'No duplication: no process delivers the same message more than once (safety).',
    FPL3: 'No creation: if q delivers m with sender p, then p sent m to q before (safety).',
    FPL4: 'FIFO delivery: if p sends m1 to q before it sends m2 to q, then a correct q does not deliver m2 before it has delivered m1 (safety).',
  },
})
