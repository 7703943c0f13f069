import type { ProcessId } from '../event'
import { abstraction } from '../layer'
import type { Indication, Module, Request } from '../module'

/** Module 3.1, page 75: sends a message to all. It reaches all correct processes if its sender is correct. */
export interface BestEffortBroadcast extends Module {
  readonly guarantees: { readonly bestEffortBroadcast: true }
  readonly broadcast: Request<[m: this['payload']]>
  readonly deliver: Indication<[p: ProcessId, m: this['payload']]>
}

export const BestEffortBroadcast = abstraction<BestEffortBroadcast>({
  name: 'BestEffortBroadcast',
  instance: 'beb',
  source: 'Module 3.1, page 75',
  requests: { broadcast: ['m'] },
  indications: { deliver: ['p', 'm'] },
  properties: {
    BEB1: 'Validity: if a correct process broadcasts m, then every correct process eventually delivers m (liveness).',
    BEB2: 'No duplication: no process delivers m more than once (safety).',
    BEB3: 'No creation: if a process delivers m with sender p, then p broadcast m before (safety).',
  },
})
