import { BasicBroadcast } from '@upon/broadcast'
import { algorithm, type Payload, type ProcessId, shared, UniformConsensus } from '@upon/contract'
import { ExcludeOnTimeout } from '@upon/fd'

/** The proposal of a process. */
type Proposal = {
  readonly p: ProcessId
  readonly v: Payload
}

/** The message of a round: the proposals that its sender knows. */
type Said = {
  readonly kind: 'PROPOSAL'
  readonly round: number
  readonly proposals: readonly Proposal[]
}

/**
 * Flooding uniform consensus: in N rounds, all processes send all others the proposals that they know. With fewer than N crashes, all
 * processes that finish know the same proposals.
 *
 * - Implements: UniformConsensus (uc)
 * - Uses: BestEffortBroadcast (beb), PerfectFailureDetector (pfd, shared)
 * - Assumes: fail-stop; any number of crashes
 * - Cost: N steps and N³ messages, always
 * - Source: Algorithm 5.3, page 213
 * - Departs from the text:
 *   - Values need no order: a process decides the known proposal of the process with the lowest rank.
 *   - At the end of a round, only messages from processes in `correct` count. In the text a message of the next round
 *     from a process that is detected later counts, too. Such a process can hide its proposal for two rounds, and N rounds are too few.
 */
export const FloodingUniformConsensus = algorithm(
  {
    name: 'flooding-uniform-consensus',
    implements: { uc: UniformConsensus },
    uses: { beb: BasicBroadcast.of<Said>(), pfd: shared(ExcludeOnTimeout) },
    assumes: { processes: 'crash-stop', timing: 'synchronous', resilience: 'f < N' },
    state: ({ processes }) => ({
      correct: new Set<ProcessId>(processes),
      round: 1,
      proposals: new Map<ProcessId, Payload>(),
      received: new Map<number, Map<ProcessId, Said>>(),
    }),
  },
  ({ uc, beb, pfd, state, self, processes, upon, when, halt }) => {
    const receivedIn = (round: number) => state.received.get(round) ?? new Map<ProcessId, Said>()

    const flood = () => {
      const proposals = [...state.proposals].map(([p, v]) => ({ p, v }))
      beb.broadcast({ kind: 'PROPOSAL', round: state.round, proposals })
    }

    upon(pfd.crash, (p) => {
      state.correct.delete(p)
    })

    upon(uc.propose, (v) => {
      state.proposals.set(self, v)
      flood()
    })

    upon(beb.deliver, 'PROPOSAL', (p, said) => {
      state.received.set(said.round, receivedIn(said.round).set(p, said))
    })

    when(
      () => {
        const received = receivedIn(state.round)
        const heard = [...state.correct].flatMap((p) => received.get(p) ?? [])
        return heard.length === state.correct.size ? heard : undefined
      },
      (heard) => {
        for (const { proposals } of heard) for (const { p, v } of proposals) state.proposals.set(p, v)
        state.received.delete(state.round)
        if (state.round < processes.length) {
          state.round += 1
          flood()
          return
        }
        const p = processes.find((q) => state.proposals.has(q)) as ProcessId
        uc.decide(state.proposals.get(p) as Payload)
        halt()
      },
    )
  },
)
