import type { ProcessId } from '../event'
import { abstraction } from '../layer'
import type { Indication, Module } from '../module'

/** Module 2.6, page 50: P. Detects every crash, and nothing but crashes. */
export interface PerfectFailureDetector extends Module {
  readonly guarantees: { readonly perfectFailureDetector: true }
  /** p has crashed. Indicated once; it holds forever. */
  readonly crash: Indication<[p: ProcessId]>
}

export const PerfectFailureDetector = abstraction<PerfectFailureDetector>({
  name: 'PerfectFailureDetector',
  instance: 'pfd',
  source: 'Module 2.6, page 50',
  requests: {},
  indications: { crash: ['p'] },
  lasting: { crash: 'forever' },
  properties: {
    PFD1: 'Strong completeness: eventually every process that crashes is permanently detected by every correct process (liveness).',
    PFD2: 'Strong accuracy: if a process is detected by any process, then it has crashed (safety).',
  },
})
