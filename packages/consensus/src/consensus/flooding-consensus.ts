import { BasicBroadcast } from '@upon/broadcast'
import { algorithm, Consensus, type Payload, type ProcessId, shared } from '@upon/contract'
import { ExcludeOnTimeout } from '@upon/fd'

/** What a process proposed. */
interface Proposal {
  readonly p: ProcessId
  readonly v: Payload
}

/** What a process says in a round: the proposals that it knows, or what it has decided; and whom it takes to be correct. */
type Said = { readonly round: number; readonly correct: readonly ProcessId[] } & (
  | { readonly kind: 'PROPOSAL'; readonly proposals: readonly Proposal[] }
  | { readonly kind: 'DECIDED'; readonly v: Payload }
)

/**
 * Flooding consensus: in rounds, all tell all which proposals they know; who hears in a round from the same processes as in the one
 * before knows what all others know, decides, and says so.
 *
 * - Implements: Consensus (c)
 * - Uses: BestEffortBroadcast (beb), PerfectFailureDetector (pfd, shared)
 * - Assumes: fail-stop; any number of crashes
 * - Cost: 1 step and 2N² messages if nobody crashes; with each crash at most 1 step and N² messages more
 * - Source: Algorithm 5.1, page 206
 * - Departs from the text:
 *   - Values need no order: of the proposals known, the one of the process of the lowest rank is decided.
 *   - A message says whom its sender takes to be correct, and who hears it takes no others for correct either. At the end of a round
 *     what was heard from these counts, DECIDED too, and nothing else. The text counts all that has arrived, and relies on more than
 *     its modules say: a process that crashes may be heard in a round by one and not by another, and in the next round, or in
 *     DECIDED, by the one again; then both decide, and not the same.
 */
export const FloodingConsensus = algorithm(
  {
    name: 'flooding-consensus',
    implements: { c: Consensus },
    uses: { beb: BasicBroadcast.of<Said>(), pfd: shared(ExcludeOnTimeout) },
    assumes: { processes: 'crash-stop', timing: 'synchronous', resilience: 'f < N' },
    state: ({ processes }) => ({
      correct: new Set<ProcessId>(processes),
      round: 1,
      /** How many were heard in the round before. */
      before: processes.length,
      proposals: new Map<ProcessId, Payload>(),
      received: new Map<number, Map<ProcessId, Said>>(),
    }),
  },
  ({ c, beb, pfd, state, self, processes, upon, when, halt }) => {
    const correct = () => [...state.correct]
    const receivedIn = (round: number) => state.received.get(round) ?? new Map<ProcessId, Said>()

    const flood = () => {
      const proposals = [...state.proposals].map(([p, v]) => ({ p, v }))
      beb.broadcast({ kind: 'PROPOSAL', round: state.round, correct: correct(), proposals })
    }

    const ofLowestRank = () => state.proposals.get(processes.find((p) => state.proposals.has(p)) as ProcessId) as Payload

    upon(pfd.crash, (p) => {
      state.correct.delete(p)
    })

    upon(c.propose, (v) => {
      state.proposals.set(self, v)
      flood()
    })

    const receive = (p: ProcessId, said: Said) => {
      for (const q of correct()) if (!said.correct.includes(q)) state.correct.delete(q)
      state.received.set(said.round, receivedIn(said.round).set(p, said))
    }

    upon(beb.deliver, 'PROPOSAL', receive)
    upon(beb.deliver, 'DECIDED', receive)

    when(
      () => {
        const received = receivedIn(state.round)
        const heard = correct().flatMap((p) => received.get(p) ?? [])
        return heard.length === state.correct.size ? heard : undefined
      },
      (heard) => {
        let decision: Payload | undefined
        for (const said of heard) {
          if (said.kind === 'DECIDED') decision = said.v
          else for (const proposal of said.proposals) state.proposals.set(proposal.p, proposal.v)
        }
        state.received.delete(state.round)
        state.round += 1
        if (decision === undefined && state.correct.size < state.before) {
          state.before = state.correct.size
          flood()
          return
        }
        const v = decision ?? ofLowestRank()
        beb.broadcast({ kind: 'DECIDED', round: state.round, correct: correct(), v })
        c.decide(v)
        halt() // all that are correct hear it before that round ends
      },
    )
  },
)
