import { BasicBroadcast } from '@upon/broadcast'
import { algorithm, type Payload, type ProcessId, shared, UniformConsensus } from '@upon/contract'
import { ExcludeOnTimeout } from '@upon/fd'

/** What a process proposed. */
interface Proposal {
  readonly p: ProcessId
  readonly v: Payload
}

/** What a process says in a round: the proposals that it knows. */
interface Said {
  readonly kind: 'PROPOSAL'
  readonly round: number
  readonly proposals: readonly Proposal[]
}

/**
 * Flooding uniform consensus: in N rounds, all tell all which proposals they know. With fewer than N crashes all that come to the end
 * know the same.
 *
 * - Implements: UniformConsensus (uc)
 * - Uses: BestEffortBroadcast (beb), PerfectFailureDetector (pfd, shared)
 * - Assumes: fail-stop; any number of crashes
 * - Cost: N steps and N³ messages, always
 * - Source: Algorithm 5.3, page 213
 * - Departs from the text:
 *   - Values need no order: of the proposals known, the one of the process of the lowest rank is decided.
 *   - At the end of a round, only what was heard from processes that are taken to be correct counts. In the text what a process
 *     said in the next round before it was detected counts too: so it hides its proposal for two rounds, and N are too few.
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
