import type { ProcessId } from '../event'
import { abstraction } from '../layer'
import type { Indication, Module } from '../module'

/**
 * Module 2.7, page 52: elects one leader after the other, each only once those before it have crashed.
 *
 * LE2 as the book prints it fails for the book's own Algorithm 2.6: a process that is late elects one that has crashed meanwhile, when
 * others have elected the next, which lives. It is read, and checked, as: nobody elects a
 * process that lives while another that was elected anywhere lives, nor anybody while its own leader lives.
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
