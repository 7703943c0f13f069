import { BasicBroadcast } from '@upon/broadcast'
import { HierarchicalUniformConsensus } from '@upon/consensus'
import { algorithm, FAILED, type Payload, type Sent, shared, UniformTerminatingReliableBroadcast } from '@upon/contract'
import { ExcludeOnTimeout } from '@upon/fd'

/** What is agreed on: the message of the sender, or that it has failed. */
type Proposal = Sent<Payload> | typeof FAILED

/**
 * Consensus-based terminating reliable broadcast: a process that hears the message of the sender proposes it, one that detects the sender
 * proposes △, and all deliver what is decided.
 *
 * - Implements: UniformTerminatingReliableBroadcast (utrb)
 * - Uses: BestEffortBroadcast (beb), UniformConsensus (uc), PerfectFailureDetector (pfd, shared)
 * - Assumes: fail-stop; any number of crashes
 * - Cost: 1 step and N messages, and one uniform consensus: here together N² + 4N messages if nobody crashes, and 3 steps if the sender is
 *   of the lowest rank and so leads the consensus, 4 otherwise
 * - Source: Algorithm 6.3, page 295
 */
export const ConsensusBasedTerminatingBroadcast = algorithm(
  {
    name: 'consensus-based-terminating-broadcast',
    implements: { utrb: UniformTerminatingReliableBroadcast },
    uses: { beb: BasicBroadcast.of<Payload>(), uc: HierarchicalUniformConsensus.of<Proposal>(), pfd: shared(ExcludeOnTimeout) },
    assumes: { processes: 'crash-stop', timing: 'synchronous', resilience: 'f < N' },
    state: () => ({ proposed: false }),
  },
  ({ utrb, beb, uc, pfd, state, parameters: { s }, upon }) => {
    const propose = (proposal: Proposal) => {
      if (state.proposed) return
      state.proposed = true
      uc.propose(proposal)
    }

    upon(utrb.broadcast, (m) => {
      beb.broadcast(m)
    })

    upon(beb.deliver, (p, m) => {
      if (p === s) propose({ m })
    })

    upon(pfd.crash, (p) => {
      if (p === s) propose(FAILED)
    })

    upon(uc.decide, (proposal) => {
      utrb.deliver(s, proposal)
    })
  },
)
