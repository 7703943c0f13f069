// A lock over leader election: npm run example -- lock
//
// The leader holds the lock. But a leader detector is right only in the end (it is Ω, Module 2.9): for a while two may trust themselves,
// and one that was paused, by a garbage collection or a closed lid, does not know that it was replaced. So trust alone is no lock.
// Here it decides who tries; that there is one holder for each term is uniform consensus; and the term is a *fencing token*: whatever
// the lock protects refuses a token lower than the highest it has seen. That check, not the lock, makes it safe.
//
// Assumes: fail-noisy, a majority of correct processes. In a synchronous system (fail-stop) LeaderElection, Module 2.7, elects nobody
// before the last leader has crashed, and needs neither consensus nor token; but one answer that comes later than its bound breaks that.
import assert from 'node:assert/strict'
import { LeaderDrivenConsensus } from '@upon/consensus'
import { abstraction, algorithm, increasing, shared } from '@upon/contract'
import { MonarchicalEventualLeaderDetection } from '@upon/fd'
import { tcpTransport } from '@upon/links/tcp'
import { Process, systemTimer } from '@upon/runtime'
import { run, say } from './cluster.mjs'

const properties = { L1: 'No two processes hold the lock in the same term (safety).', L2: 'Some correct process holds it in the end (liveness).' }
const Lock = abstraction({ name: 'Lock', instance: 'lock', requests: {}, indications: { held: ['term', 'holder'] }, properties })

const LeaderLock = algorithm(
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

const replica = async ({ self, peers }) => {
  const me = new Process({ self, processes: Object.keys(peers), supply: [await tcpTransport({ self, peers }), systemTimer] })
  const { promise: _, ...state } = { promise: undefined, holder: undefined, token: 0, waiting: [] }
  const lock = me.run(LeaderLock)
  return { me, lock, state }
}
void [replica, run, say, assert]
