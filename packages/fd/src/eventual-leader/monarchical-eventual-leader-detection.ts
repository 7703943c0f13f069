import { algorithm, EventualLeaderDetector, type ProcessId } from '@upon/contract'
import { IncreasingTimeout } from '../eventually-perfect/increasing-timeout'

/**
 * Monarchical eventual leader detection: trusts the process of the highest rank among those that are not suspected.
 *
 * - Implements: EventualLeaderDetector (eld)
 * - Uses: EventuallyPerfectFailureDetector (epfd)
 * - Assumes: fail-noisy, at least one correct process (f < N)
 * - Cost: none but the detector's
 * - Source: Algorithm 2.8, page 57
 * - Departs from the text: while everybody is suspected the old leader stays, for maxrank(∅) is undefined; and a user that joins a
 *   shared detector is told whom it trusts
 */
export const MonarchicalEventualLeaderDetection = algorithm(
  {
    name: 'monarchical-eventual-leader-detection',
    implements: { eld: EventualLeaderDetector },
    uses: { epfd: IncreasingTimeout },
    assumes: { model: 'fail-noisy', resilience: 'f < N' },
    state: () => ({
      suspected: new Set<ProcessId>(),
      leader: undefined as ProcessId | undefined,
    }),
  },
  ({ eld, epfd, state, processes, upon, when, welcome }) => {
    const maxrank = () => processes.findLast((p) => !state.suspected.has(p)) ?? state.leader

    upon(epfd.suspect, (p) => {
      state.suspected.add(p)
    })

    upon(epfd.restore, (p) => {
      state.suspected.delete(p)
    })

    when(
      () => state.leader !== maxrank(),
      () => {
        state.leader = maxrank() as ProcessId
        eld.trust(state.leader)
      },
    )

    welcome(() => {
      if (state.leader !== undefined) eld.trust(state.leader)
    })
  },
)
