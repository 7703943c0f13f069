import type { ProcessId } from '../event'
import { abstraction } from '../layer'
import type { Indication, Module } from '../module'

/** Module 2.8, page 54: ◇P. Suspects processes, restores those that it suspected wrongly, and is eventually right. */
export interface EventuallyPerfectFailureDetector extends Module {
  readonly guarantees: { readonly eventuallyPerfectFailureDetector: true }
  /** p seems to have crashed. */
  readonly suspect: Indication<[p: ProcessId]>
  /** p is no longer suspected. */
  readonly restore: Indication<[p: ProcessId]>
}

export const EventuallyPerfectFailureDetector = abstraction<EventuallyPerfectFailureDetector>({
  name: 'EventuallyPerfectFailureDetector',
  instance: 'epfd',
  source: 'Module 2.8, page 54',
  requests: {},
  indications: { suspect: ['p'], restore: ['p'] },
  lasting: { suspect: { until: 'restore' } },
  properties: {
    EPFD1: 'Strong completeness: eventually every process that crashes is permanently suspected by every correct process (liveness).',
    EPFD2: 'Eventual strong accuracy: eventually no correct process is suspected by any correct process (liveness).',
  },
})
