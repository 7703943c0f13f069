import { LeaderDrivenConsensus } from '@upon/consensus'
import { abstraction, algorithm, increasing, shared } from '@upon/contract'
import { MonarchicalEventualLeaderDetection } from '@upon/fd'

const properties = {
  L1: 'No two processes hold the lock in the same term (safety).',
  L2: 'If every correct process acquires it, some correct process holds it in a later term than before (liveness).',
}
/** A module of the example's own: `acquire` asks for a term in which one holds the lock; `held` says of each term, in order, who does. */
const Lock = abstraction({
  name: 'Lock',
  instance: 'lock',
  requests: { acquire: [] },
  indications: { held: ['term', 'holder'] },
  properties,
})

/**
 * Leader lock: who trusts itself and wants the lock proposes itself, term after term, until it has won one.
 *
 * A process that slept may have missed a decision. It learns of it when it leads and proposes for that term itself, or from a later
 * leader: consensus ends everywhere only if all propose, so who has decided without proposing proposes what was decided.
 *
 * - Implements: Lock (lock)
 * - Uses: EventualLeaderDetector (eld, shared), UniformConsensus (uc, one instance per term)
 * - Assumes: fail-noisy, a majority of correct processes (f < N/2)
 * - Cost: that of one consensus, for each move of the lock; instances stay, so a lock that moves for years needs to clear them away
 * - Source: ours; tried under schedules and faults drawn by the simulator: scripts/leader-lock.test.ts
 */
export const LeaderLock = algorithm(
  {
    name: 'leader-lock',
    implements: { lock: Lock },
    uses: { eld: shared(MonarchicalEventualLeaderDetection), uc: increasing(LeaderDrivenConsensus) },
    assumes: { processes: 'crash-stop', timing: 'eventually-synchronous', resilience: 'f < N/2' },
    state: () => ({ isWanted: false, leader: undefined, term: 1, proposed: 0 }),
  },
  ({ lock, eld, uc, state, self, upon, when }) => {
    uc.create(state.term)

    const propose = (p) => {
      state.proposed = state.term
      uc.propose(state.term, p)
    }

    upon(lock.acquire, () => {
      state.isWanted = true
    })

    upon(eld.trust, (p) => {
      state.leader = p
    })

    when(
      () => state.isWanted && state.leader === self && state.proposed < state.term,
      () => propose(self),
    )

    upon(uc.decide, (term, holder) => {
      if (state.proposed < term) propose(holder)
      state.isWanted &&= holder !== self
      state.term = term + 1
      uc.create(state.term) // the old one stays: somebody may still need our part in its decision
      lock.held(term, holder)
    })
  },
)
