import type { ProcessId } from '../event'
import { abstraction } from '../layer'
import type { Indication, Module } from '../module'

/** Module 2.9, page 56: Ω. Trusts one process at a time. Eventually all trust the same correct process. */
export interface EventualLeaderDetector extends Module {
  readonly guarantees: { readonly eventualLeaderDetector: true }
  /** p is trusted from now on, until the next one. */
  readonly trust: Indication<[p: ProcessId]>
}

export const EventualLeaderDetector = abstraction<EventualLeaderDetector>({
  name: 'EventualLeaderDetector',
  instance: 'eld',
  source: 'Module 2.9, page 56',
  requests: {},
  indications: { trust: ['p'] },
  lasting: { trust: 'latest' },
  properties: {
    ELD1: 'Eventual accuracy: there is a time after which every correct process trusts some correct process (liveness).',
    ELD2: 'Eventual agreement: there is a time after which no two correct processes trust different correct processes (liveness).',
  },
})
