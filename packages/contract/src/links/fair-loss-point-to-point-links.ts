import type { ProcessId } from '../event'
import { abstraction } from '../layer'
import type { Indication, Module, Request } from '../module'

/** Module 2.1, page 34: a network that loses some messages, but not forever, and may repeat them a finite number of times. */
export interface FairLossPointToPointLinks extends Module {
  readonly guarantees: { readonly fairLossLinks: true }
  readonly send: Request<[q: ProcessId, m: this['payload']]>
  readonly deliver: Indication<[p: ProcessId, m: this['payload']]>
}

export const FairLossPointToPointLinks = abstraction<FairLossPointToPointLinks>({
  name: 'FairLossPointToPointLinks',
  instance: 'fll',
  source: 'Module 2.1, page 34',
  requests: { send: ['q', 'm'] },
  indications: { deliver: ['p', 'm'] },
  properties: {
    FLL1: 'Fair loss: if a correct process p sends m infinitely often to a correct process q, then q delivers m infinitely often (liveness).',
    FLL2: 'Finite duplication: if a correct process p sends m a finite number of times to q, then q delivers m a finite number of times (liveness).',
    FLL3: 'No creation: if q delivers m with sender p, then p sent m to q before (safety).',
  },
})
