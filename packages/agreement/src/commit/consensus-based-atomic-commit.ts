import { BasicBroadcast } from '@upon/broadcast'
import { HierarchicalUniformConsensus } from '@upon/consensus'
import { algorithm, NonBlockingAtomicCommit, type ProcessId, shared, type Vote } from '@upon/contract'
import { ExcludeOnTimeout } from '@upon/fd'

/**
 * Consensus-based non-blocking atomic commit: a process that has heard all vote for COMMIT proposes that; one that hears a vote for ABORT, or
 * detects a crash, proposes ABORT; and all decide the same.
 *
 * - Implements: NonBlockingAtomicCommit (nbac)
 * - Uses: BestEffortBroadcast (beb), UniformConsensus (uc), PerfectFailureDetector (pfd, shared)
 * - Assumes: fail-stop; any number of crashes
 * - Cost: 1 step and N² messages, and one uniform consensus, here together 4 steps and 2N² + 3N messages if nobody crashes
 * - Source: Algorithm 6.6, page 306
 */
export const ConsensusBasedAtomicCommit = algorithm(
  {
    name: 'consensus-based-atomic-commit',
    implements: { nbac: NonBlockingAtomicCommit },
    uses: { beb: BasicBroadcast.of<Vote>(), uc: HierarchicalUniformConsensus.of<Vote>(), pfd: shared(ExcludeOnTimeout) },
    assumes: { processes: 'crash-stop', timing: 'synchronous', resilience: 'f < N' },
    state: () => ({ voted: new Set<ProcessId>(), proposed: false }),
  },
  ({ nbac, beb, uc, pfd, state, processes, upon }) => {
    const propose = (v: Vote) => {
      if (state.proposed) return
      state.proposed = true
      uc.propose(v)
    }

    upon(pfd.crash, () => {
      propose('ABORT')
    })

    upon(nbac.propose, (v) => {
      beb.broadcast(v)
    })

    upon(beb.deliver, (p, v) => {
      if (v === 'ABORT') propose('ABORT')
      else state.voted.add(p)
      if (processes.every((q) => state.voted.has(q))) propose('COMMIT')
    })

    upon(uc.decide, (v) => {
      nbac.decide(v)
    })
  },
)
