import { BasicBroadcast } from '@upon/broadcast'
import { algorithm, Consensus, type Payload, shared } from '@upon/contract'
import { ExcludeOnTimeout } from '@upon/fd'

/**
 * Hierarchical consensus: the processes take turns by rank. Each decides in its own round, and imposes its decision on all that come later.
 *
 * - Implements: Consensus (c)
 * - Uses: BestEffortBroadcast (beb), PerfectFailureDetector (pfd, shared)
 * - Assumes: fail-stop; any number of crashes
 * - Cost: N - 1 steps and N² messages if no process crashes
 * - Source: Algorithm 5.2, page 209
 */
export const HierarchicalConsensus = algorithm(
  {
    name: 'hierarchical-consensus',
    implements: { c: Consensus },
    uses: { beb: BasicBroadcast.of<Payload>(), pfd: shared(ExcludeOnTimeout) },
    assumes: { processes: 'crash-stop', timing: 'synchronous', resilience: 'f < N' },
    state: () => ({
      detected: new Set<number>(),
      round: 1,
      proposal: undefined as Payload | undefined,
      /** The rank of the process that imposed the proposal; 0 if it is this process's own. */
      proposer: 0,
      delivered: new Set<number>(),
      broadcast: false,
    }),
  },
  ({ c, beb, pfd, state, self, rank, upon, when }) => {
    upon(pfd.crash, (p) => {
      state.detected.add(rank(p))
    })

    upon(c.propose, (v) => {
      if (state.proposal === undefined) state.proposal = v
    })

    when(
      () => state.round === rank(self) && state.proposal !== undefined && !state.broadcast,
      () => {
        state.broadcast = true
        beb.broadcast(state.proposal as Payload)
        c.decide(state.proposal as Payload)
      },
    )

    when(
      () => state.detected.has(state.round) || state.delivered.has(state.round),
      () => {
        state.round += 1
      },
    )

    upon(beb.deliver, (p, v) => {
      if (rank(p) < rank(self) && rank(p) > state.proposer) {
        state.proposal = v
        state.proposer = rank(p)
      }
      state.delivered.add(rank(p))
    })
  },
)
