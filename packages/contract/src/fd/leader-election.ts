import type { ProcessId } from '../event'
import { abstraction } from '../layer'
import type { Indication, Module } from '../module'

/**
 * Module 2.7, page 52: elects one leader after the other, each only after all earlier leaders have crashed.
 *
 * The book's own Algorithm 2.6 violates LE2 as it is printed: a slow process elects a process that has crashed meanwhile, after
 * others have elected the next one, which lives. We read and check LE2 as follows. No process elects a process that lives while another
 * process that was elected anywhere lives. No process elects any process while its own leader lives.
 */
export interface LeaderElection extends Module {
  readonly guarantees: { readonly leaderElection: true }
  /** p leads from now on. */
  readonly leader: Indication<[p: ProcessId]>
}

export const LeaderElection = abstraction<LeaderElection>({
  name: 'LeaderElection',
  instance: 'le',
  source: 'Module 2.7, page 52',
  requests: {},
  indications: { leader: ['p'] },
  lasting: { leader: 'latest' },
  properties: {
    LE1: 'Eventual detection: either there is no correct process, or some correct process is eventually elected as the leader (liveness).',
    LE2: 'Accuracy: if a process is leader, then all previously elected leaders have crashed (safety).',
  },
})
