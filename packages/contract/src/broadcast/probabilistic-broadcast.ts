import type { ProcessId } from '../event'
import { abstraction } from '../layer'
import type { Indication, Module, Request } from '../module'

/** Module 3.7, page 94: a message to all that reaches all correct processes with a high probability, at a cost that does not grow with their number. */
export interface ProbabilisticBroadcast extends Module {
  readonly guarantees: { readonly probabilisticBroadcast: true }
  readonly broadcast: Request<[m: this['payload']]>
  readonly deliver: Indication<[p: ProcessId, m: this['payload']]>
}

export const ProbabilisticBroadcast = abstraction<ProbabilisticBroadcast>({
  name: 'ProbabilisticBroadcast',
  instance: 'pb',
  source: 'Module 3.7, page 94',
  requests: { broadcast: ['m'] },
  indications: { deliver: ['p', 'm'] },
  properties: {
    PB1: 'Probabilistic validity: there is a positive value ε such that if a correct process broadcasts m, then every correct process eventually delivers m with probability at least 1 − ε (liveness).',
    PB2: 'No duplication: no process delivers m more than once (safety).',
    PB3: 'No creation: if a process delivers m with sender p, then p broadcast m before (safety).',
  },
})
