import { abstraction } from '../layer'
import type { AtLeastOncePointToPointLinks } from './at-least-once-point-to-point-links'

/** Module 2.2, page 35: a message between correct processes that was sent once is delivered again and again, forever. */
export interface StubbornPointToPointLinks extends AtLeastOncePointToPointLinks {
  readonly guarantees: AtLeastOncePointToPointLinks['guarantees'] & { readonly stubbornLinks: true }
}

export const StubbornPointToPointLinks = abstraction<StubbornPointToPointLinks>({
  name: 'StubbornPointToPointLinks',
  instance: 'sl',
  source: 'Module 2.2, page 35',
  requests: { send: ['q', 'm'] },
  indications: { deliver: ['p', 'm'] },
  properties: {
    SL1: 'Stubborn delivery: if a correct process p sends m once to a correct process q, then q delivers m an infinite number of times (liveness).',
    SL2: 'No creation: if q delivers m with sender p, then p sent m to q before (safety).',
  },
})
