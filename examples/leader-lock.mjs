import { LeaderDrivenConsensus } from '@upon/consensus'
import { abstraction, algorithm, increasing, shared } from '@upon/contract'
import { MonarchicalEventualLeaderDetection } from '@upon/fd'

const properties = {
  L1: 'No two processes hold the lock in the same term (safety).',
  L2: 'Some correct process holds it in the end (liveness).',
}
/** A module of the example's own: in each term one process holds the lock, and everybody is told which. */
const Lock = abstraction({ name: 'Lock', instance: 'lock', requests: {}, indications: { held: ['term', 'holder'] }, properties })

/**
 * Leader lock: who trusts itself proposes itself for the next term, unless it holds this one.
 *
 * - Implements: Lock (lock)
 * - Uses: EventualLeaderDetector (eld, shared), UniformConsensus (uc, one instance a term)
 * - Assumes: fail-noisy, a majority of correct processes (f < N/2)
 * - Cost: that of one consensus, for each move of the lock; instances stay, so a lock that moves for years needs to clear them away
 * - Source: ours
 */
export const LeaderLock = algorithm(
  {
    name: 'leader-lock',
    implements: { lock: Lock },
    uses: { eld: shared(MonarchicalEventualLeaderDetection), uc: increasing(LeaderDrivenConsensus) },
    assumes: { model: 'fail-noisy', resilience: 'f < N/2' },
    state: () => ({ term: 1, holder: undefined, leader: undefined, proposed: 0 }),
  },
  ({ lock, eld, uc, state, self, upon, when }) => {
    uc.create(state.term)

    upon(eld.trust, (p) => {
      state.leader = p
    })

    when(
      () => state.leader === self && state.holder !== self && state.proposed < state.term,
      () => {
        state.proposed = state.term
        uc.propose(state.term, self)
      },
    )

    upon(uc.decide, (term, holder) => {
      state.holder = holder
      state.term = term + 1
      uc.create(state.term) // the old one stays: somebody may still need our part in its decision
      lock.held(term, holder)
    })
  },
)
