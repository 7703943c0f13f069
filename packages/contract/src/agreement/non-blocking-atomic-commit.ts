import { abstraction } from '../layer'
import type { Indication, Module, Request } from '../module'

/** What a process votes for, and what all decide. */
export type Vote = 'COMMIT' | 'ABORT'

const VOTES: readonly unknown[] = ['COMMIT', 'ABORT'] satisfies Vote[]
const refusesOthers = (v: unknown) => (VOTES.includes(v) ? undefined : "expected 'COMMIT' or 'ABORT'")

/** Module 6.7, page 305: all decide to commit, or all to abort; to commit only if all voted for that, to abort only if one did not, or crashed. */
export interface NonBlockingAtomicCommit extends Module {
  readonly guarantees: { readonly nonBlockingAtomicCommit: true }
  readonly propose: Request<[v: Vote]>
  readonly decide: Indication<[v: Vote]>
}

export const NonBlockingAtomicCommit = abstraction<NonBlockingAtomicCommit>({
  name: 'NonBlockingAtomicCommit',
  instance: 'nbac',
  source: 'Module 6.7, page 305',
  requests: { propose: ['v'] },
  refuses: { propose: refusesOthers },
  indications: { decide: ['v'] },
  lasting: { decide: 'forever' },
  properties: {
    NBAC1: 'Termination: every correct process eventually decides some value (liveness).',
    NBAC2: 'Abort-validity: a process decides ABORT only if some process proposed ABORT or crashed before (safety).',
    NBAC3: 'Commit-validity: a process decides COMMIT only if no process proposed ABORT (safety).',
    NBAC4: 'Integrity: no process decides twice (safety).',
    NBAC5: 'Uniform agreement: no two processes decide differently (safety).',
  },
})
