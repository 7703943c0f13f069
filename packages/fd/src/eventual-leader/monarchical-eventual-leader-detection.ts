import { algorithm, EventualLeaderDetector, type ProcessId } from '@upon/contract'
import { IncreasingTimeout } from '../eventually-perfect/increasing-timeout'

/**
 * Monarchical eventual leader detection: trusts the process with the highest rank among those that are not suspected.
 *
 * - Implements: EventualLeaderDetector (eld)
 * - Uses: EventuallyPerfectFailureDetector (epfd)
 * - Assumes: fail-noisy, at least one correct process (f < N)
 * - Cost: none beyond that of the detector
 * - Source: Algorithm 2.8, page 57
 * - Departs from the text: while all processes are suspected, the old leader stays, because maxrank(∅) is undefined
 */
export const MonarchicalEventualLeaderDetection = algorithm(
  {
    name: 'monarchical-eventual-leader-detection',
    implements: { eld: EventualLeaderDetector },
    uses: { epfd: IncreasingTimeout },
    assumes: { processes: 'crash-stop', timing: 'eventually-synchronous', resilience: 'f < N' },
    state: () => ({
      suspected: new Set<ProcessId>(),
      leader: undefined as ProcessId | undefined,
    }),
  },
  ({ eld, epfd, state, processes, upon, when }) => {
    upon(epfd.suspect, (p) => {
      state.suspected.add(p)
    })

    upon(epfd.restore, (p) => {
      state.suspected.delete(p)
    })

    when(
      () => {
        const maxrank = processes.findLast((p) => !state.suspected.has(p))
        return maxrank === state.leader ? undefined : maxrank
      },
      (p) => {
        state.leader = p
        eld.trust(p)
      },
    )
  },
)
