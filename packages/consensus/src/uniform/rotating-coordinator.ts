import { BasicBroadcast, MajorityAckUniformReliableBroadcast } from '@upon/broadcast'
import { algorithm, type Payload, type ProcessId, shared, UniformConsensus } from '@upon/contract'
import { IncreasingTimeout } from '@upon/fd'

/** In each round its leader proposes, and all processes vote: for the value, or for none if they suspect the leader. */
type Said =
  | { readonly kind: 'PROPOSE'; readonly round: number; readonly v: Payload }
  | { readonly kind: 'VOTE'; readonly round: number; readonly vote: Vote }
/** A vote for none counts as a vote. */
type Vote = { readonly v: Payload } | 'NONE'

/**
 * Rotating coordinator: rounds with leaders in turn. A process decides when a majority has voted for the leader's value. If one process
 * decides, all processes that finish the round continue with this value.
 *
 * - Implements: UniformConsensus (uc)
 * - Uses: EventuallyPerfectFailureDetector (epfd, shared), BestEffortBroadcast (beb), UniformReliableBroadcast (urb)
 * - Assumes: fail-noisy, a majority of correct processes (f < N/2)
 * - Cost: 4 steps (2 among 3 processes, where the leader and oneself are a majority) and N³ + N² + N messages if the first leader is
 *   correct and not suspected, N³ of these by N uniform broadcasts of the decision
 * - Memory: the messages of later rounds
 * - Source: Algorithms 5.22 and 5.23, pages 270 and 271
 * - Departs from the text:
 *   - A process keeps the messages of rounds that it has not reached, as the text demands for all such conditions.
 *   - A vote for none is a value of its own. In the text it is ⊥, and a process would wait for a majority in vain.
 *   - A leader never suspects itself, which the detector allows for a while. It would finish its round without a proposal, and others would wait for one.
 *   - A process that announces a decision starts no further round, and a process that decides halts. In the text it decides again at each
 *     announcement, and rounds go on forever. If an announcing process is correct, all decide by uniform reliable broadcast; if none is, the others continue.
 */
export const RotatingCoordinator = algorithm(
  {
    name: 'rotating-coordinator',
    implements: { uc: UniformConsensus },
    uses: {
      epfd: shared(IncreasingTimeout),
      beb: BasicBroadcast.of<Said>(),
      urb: MajorityAckUniformReliableBroadcast.of<Payload>(),
    },
    assumes: { processes: 'crash-stop', timing: 'eventually-synchronous', resilience: 'f < N/2' },
    state: () => ({
      round: 1,
      suspected: new Set<ProcessId>(),
      proposal: undefined as Payload | undefined,
      sentPropose: false,
      sentVote: false,
      estimates: new Map<number, Payload>(),
      votes: new Map<number, Map<ProcessId, Vote>>(),
      announced: false,
    }),
  },
  ({ uc, epfd, beb, urb, state, self, processes, upon, when, halt }) => {
    const isSuspected = (p: ProcessId) => p !== self && state.suspected.has(p)
    const leader = () => processes[(state.round - 1) % processes.length] as ProcessId
    const votesIn = (round: number) => state.votes.get(round) ?? new Map<ProcessId, Vote>()

    upon(epfd.suspect, (p) => {
      state.suspected.add(p)
    })

    upon(epfd.restore, (p) => {
      state.suspected.delete(p)
    })

    upon(uc.propose, (v) => {
      if (state.proposal === undefined) state.proposal = v
    })

    when(
      () => leader() === self && state.proposal !== undefined && !state.sentPropose,
      () => {
        state.sentPropose = true
        beb.broadcast({ kind: 'PROPOSE', round: state.round, v: state.proposal as Payload })
      },
    )

    upon(beb.deliver, 'PROPOSE', (_p, { round, v }) => {
      if (round >= state.round) state.estimates.set(round, v)
    })

    when(
      () => !state.sentVote && (state.estimates.has(state.round) || isSuspected(leader())),
      () => {
        state.sentVote = true
        const isKnown = state.estimates.has(state.round)
        const vote: Vote = isKnown ? { v: state.estimates.get(state.round) as Payload } : 'NONE'
        beb.broadcast({ kind: 'VOTE', round: state.round, vote })
      },
    )

    upon(beb.deliver, 'VOTE', (p, { round, vote }) => {
      if (round >= state.round) state.votes.set(round, votesIn(round).set(p, vote))
    })

    when(
      () => state.sentVote && !state.announced && votesIn(state.round).size > processes.length / 2,
      () => {
        const votes = [...votesIn(state.round).values()]
        const [value] = votes.filter((vote) => vote !== 'NONE')
        if (value !== undefined) state.proposal = value.v
        if (value !== undefined && !votes.includes('NONE')) {
          state.announced = true
          urb.broadcast(value.v)
          return
        }
        state.estimates.delete(state.round)
        state.votes.delete(state.round)
        state.round += 1
        state.sentPropose = false
        state.sentVote = false
      },
    )

    upon(urb.deliver, (_p, v) => {
      uc.decide(v)
      halt()
    })
  },
)
