import { algorithm, LeaderElection, type ProcessId, shared } from '@upon/contract'
import { ExcludeOnTimeout } from '../perfect/exclude-on-timeout'

/**
 * Monarchical leader election: the process with the highest rank among those that have not crashed leads.
 *
 * - Implements: LeaderElection (le)
 * - Uses: PerfectFailureDetector (pfd, shared)
 * - Assumes: fail-stop, at least one correct process (f < N)
 * - Cost: none beyond that of the detector
 * - Source: Algorithm 2.6, page 53
 * - Departs from the text: if all processes are detected, the old leader stays, because maxrank(∅) is undefined. LE2 holds in the wording
 *   of LeaderElection. As printed it does not hold for this algorithm, nor for the one in the text
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
