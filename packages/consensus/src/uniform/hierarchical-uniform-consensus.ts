import { BasicBroadcast, EagerReliableBroadcast } from '@upon/broadcast'
import { algorithm, type Payload, PerfectPointToPointLinks, shared, UniformConsensus } from '@upon/contract'
import { ExcludeOnTimeout } from '@upon/fd'

/** In a round its leader makes all processes store its proposal before any process decides it. */
type Proposed = {
  readonly kind: 'PROPOSAL'
  readonly v: Payload
}
type Ack = {
  readonly kind: 'ACK'
}

/**
 * Hierarchical uniform consensus: the process with the lowest rank leads. When all processes that have not crashed have acknowledged its
 * proposal, it broadcasts the decision. If it crashes, the next process leads, with the proposal of its predecessor if it has received it.
 *
 * - Implements: UniformConsensus (uc)
 * - Uses: PerfectPointToPointLinks (pl), BestEffortBroadcast (beb), ReliableBroadcast (rb), PerfectFailureDetector (pfd, shared)
 * - Assumes: fail-stop; any number of crashes
 * - Cost: 3 steps and N² + 3N messages if no process crashes, N² of these by a reliable broadcast that relays every message; 2 steps more for
 *   each leader that crashes
 * - Source: Algorithm 5.4, page 214
 * - Departs from the text:
 *   - A leader proposes once, and announces a decision once. In the text the conditions of both continue to hold.
 *   - A process that has decided takes no further part: by reliable broadcast all others decide.
 */
export const HierarchicalUniformConsensus = algorithm(
  {
    name: 'hierarchical-uniform-consensus',
    implements: { uc: UniformConsensus },
    uses: {
      pl: PerfectPointToPointLinks.of<Ack>(),
      beb: BasicBroadcast.of<Proposed>(),
      rb: EagerReliableBroadcast.of<Payload>(),
      pfd: shared(ExcludeOnTimeout),
    },
    assumes: { processes: 'crash-stop', timing: 'synchronous', resilience: 'f < N' },
    state: () => ({
      detected: new Set<number>(),
      acked: new Set<number>(),
      round: 1,
      proposal: undefined as Payload | undefined,
      proposed: new Map<number, Payload>(),
      broadcast: false,
      announced: false,
    }),
  },
  ({ uc, pl, beb, rb, pfd, state, self, processes, rank, upon, when, halt }) => {
    upon(pfd.crash, (p) => {
      state.detected.add(rank(p))
    })

    upon(uc.propose, (v) => {
      if (state.proposal === undefined) state.proposal = v
    })

    when(
      () => state.round === rank(self) && state.proposal !== undefined && !state.broadcast,
      () => {
        state.broadcast = true
        beb.broadcast({ kind: 'PROPOSAL', v: state.proposal as Payload })
      },
    )

    upon(beb.deliver, 'PROPOSAL', (p, { v }) => {
      state.proposed.set(rank(p), v)
      if (rank(p) >= state.round) pl.send(p, { kind: 'ACK' })
    })

    when(
      () => state.detected.has(state.round),
      () => {
        if (state.proposed.has(state.round)) state.proposal = state.proposed.get(state.round) as Payload
        state.round += 1
      },
    )

    upon(pl.deliver, 'ACK', (q) => {
      state.acked.add(rank(q))
    })

    when(
      () => state.broadcast && !state.announced && processes.every((p) => state.detected.has(rank(p)) || state.acked.has(rank(p))),
      () => {
        state.announced = true
        rb.broadcast(state.proposal as Payload)
      },
    )

    upon(rb.deliver, (_p, v) => {
      uc.decide(v)
      halt()
    })
  },
)
