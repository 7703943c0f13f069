import { BasicBroadcast } from '@upon/broadcast'
import { algorithm, Consensus, type Payload, type ProcessId, shared } from '@upon/contract'
import { ExcludeOnTimeout } from '@upon/fd'

/** The proposal of a process. */
type Proposal = {
  readonly p: ProcessId
  readonly v: Payload
}

/** The message of a round: the proposals that its sender knows, or its decision; and the processes that it takes to be correct. */
type Said = { readonly round: number; readonly correct: readonly ProcessId[] } & (
  | { readonly kind: 'PROPOSAL'; readonly proposals: readonly Proposal[] }
  | { readonly kind: 'DECIDED'; readonly v: Payload }
)

/**
 * Flooding consensus: in rounds, all processes send all others the proposals that they know. A process that hears the same processes in two
 * rounds in a row knows what all others know. It decides, and announces its decision.
 *
 * - Implements: Consensus (c)
 * - Uses: BestEffortBroadcast (beb), PerfectFailureDetector (pfd, shared)
 * - Assumes: fail-stop; any number of crashes
 * - Cost: 1 step and 2N² messages if no process crashes; each crash adds at most 1 step and N² messages
 * - Source: Algorithm 5.1, page 206
 * - Departs from the text:
 *   - Values need no order: a process decides the known proposal of the process with the lowest rank.
 *   - A message names the processes that its sender takes to be correct, and its receiver removes all others from `correct`. At the end of
 *     a round only messages from these processes count, DECIDED too. The text counts every message that has arrived, which needs more than
 *     its modules guarantee: in one round, one process may hear a crashing process and another may not. If the first hears it again in the
 *     next round, or its DECIDED, both decide, and differently.
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
      /** How many processes were heard in the previous round. */
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
        halt() // every correct process receives it before that round ends
      },
    )
  },
)
