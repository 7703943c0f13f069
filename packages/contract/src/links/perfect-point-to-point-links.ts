import { abstraction } from '../layer'
import type { AtLeastOncePointToPointLinks } from './at-least-once-point-to-point-links'

/** Module 2.3, page 37: every message between correct processes arrives exactly once, in any order. */
export interface PerfectPointToPointLinks extends AtLeastOncePointToPointLinks {
  readonly guarantees: AtLeastOncePointToPointLinks['guarantees'] & { readonly perfectLinks: true }
}

export const PerfectPointToPointLinks = abstraction<PerfectPointToPointLinks>({
  name: 'PerfectPointToPointLinks',
  instance: 'pl',
  source: 'Module 2.3, page 37',
  requests: { send: ['q', 'm'] },
  indications: { deliver: ['p', 'm'] },
  properties: {
    PL1: 'Reliable delivery: if a correct process p sends m to a correct process q, then q eventually delivers m (liveness).',
    PL2: 'No duplication: no process delivers the same message more than once (safety).',
    PL3: 'No creation: if q delivers m with sender p, then p sent m to q before (safety).',
  },
})
