import { algorithm, LeaderElection, type ProcessId, shared } from '@upon/contract'
import { ExcludeOnTimeout } from '../perfect/exclude-on-timeout'

/**
 * Monarchical leader election: the process of the highest rank among those that have not crashed leads.
 *
 * - Implements: LeaderElection (le)
 * - Uses: PerfectFailureDetector (pfd, shared)
 * - Assumes: fail-stop, at least one correct process (f < N)
 * - Cost: none but the detector's
 * - Source: Algorithm 2.6, page 53
 * - Departs from the text: should all be detected, the old leader stays, for maxrank(∅) is undefined. LE2 holds as LeaderElection reads
 *   it: as printed it does not hold for this algorithm, in the text neither
 */
export const MonarchicalLeaderElection = algorithm(
  {
    name: 'monarchical-leader-election',
    implements: { le: LeaderElection },
    uses: { pfd: shared(ExcludeOnTimeout) },
    assumes: { processes: 'crash-stop', timing: 'synchronous', resilience: 'f < N' },
    state: () => ({
      suspected: new Set<ProcessId>(),
      leader: undefined as ProcessId | undefined,
    }),
  },
  ({ le, pfd, state, processes, upon, when }) => {
    upon(pfd.crash, (p) => {
      state.suspected.add(p)
    })

    when(
      () => {
        const maxrank = processes.findLast((p) => !state.suspected.has(p))
        return maxrank === state.leader ? undefined : maxrank
      },
      (p) => {
        state.leader = p
        le.leader(p)
      },
    )
  },
)
