import { BasicBroadcast } from '@upon/broadcast'
import { algorithm, EpochConsensus, type EpochState, type Payload, PerfectPointToPointLinks, type ProcessId } from '@upon/contract'

type FromLeader = { kind: 'READ' } | { kind: 'WRITE'; val: Payload } | { kind: 'DECIDED'; val: Payload }
type ToLeader = ({ kind: 'STATE' } & EpochState<Payload>) | { kind: 'ACCEPT' }
type State = EpochState<Payload>

/** The state with the highest timestamp among those with a value, because this value may have been decided; (0, ⊥) if there is none. */
const highest = (states: Iterable<State>): State =>
  [...states].reduce((a, b) => (b.val !== undefined && (a.val === undefined || b.valts > a.valts) ? b : a), { valts: 0, val: undefined })

/**
 * Read/write epoch consensus: the leader reads the states of a majority. It writes the value with the highest timestamp, or its own if there
 * is none, to a majority. Then it announces the decision.
 *
 * - Implements: EpochConsensus (ep)
 * - Uses: PerfectPointToPointLinks (pl), BestEffortBroadcast (beb)
 * - Assumes: fail-silent, a majority of correct processes (f < N/2)
 * - Cost: 5 steps and 5N messages
 * - Source: Algorithm 5.6, page 223
 * - Departs from the text:
 *   - Only states with a value count. In the text the highest timestamp counts, and a leader may find (0, ⊥) and (0, v). The value
 *     v may have been decided in epoch 0, so choosing ⊥ would break lock-in. No correct process sends ⊥ with a later timestamp.
 *   - Acceptances are a set of processes and not a number, so that no process counts twice.
 */
export const ReadWriteEpochConsensus = algorithm(
  {
    name: 'read-write-epoch-consensus',
    implements: { ep: EpochConsensus },
    uses: { pl: PerfectPointToPointLinks.of<ToLeader>(), beb: BasicBroadcast.of<FromLeader>() },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N/2' },
    state: ({ parameters }) => ({
      valts: parameters.state.valts,
      val: parameters.state.val as Payload | undefined,
      tmpval: undefined as Payload | undefined,
      states: new Map<ProcessId, State>(),
      accepted: new Set<ProcessId>(),
    }),
  },
  ({ ep, pl, beb, state, parameters: { ets, l }, processes, upon, when, halt }) => {
    const isMajority = (quorum: { readonly size: number }) => quorum.size > processes.length / 2

    upon(ep.propose, (v) => {
      state.tmpval = v
      beb.broadcast({ kind: 'READ' })
    })

    upon(beb.deliver, 'READ', (p) => {
      if (p === l) pl.send(l, { kind: 'STATE', valts: state.valts, val: state.val })
    })

    upon(pl.deliver, 'STATE', (q, { valts, val }) => {
      state.states.set(q, { valts, val })
    })

    when(
      () => isMajority(state.states),
      () => {
        const { val } = highest(state.states.values())
        if (val !== undefined) state.tmpval = val
        state.states.clear()
        beb.broadcast({ kind: 'WRITE', val: state.tmpval as Payload })
      },
    )

    upon(beb.deliver, 'WRITE', (p, { val }) => {
      if (p !== l) return
      state.valts = ets
      state.val = val
      pl.send(l, { kind: 'ACCEPT' })
    })

    upon(pl.deliver, 'ACCEPT', (q) => {
      state.accepted.add(q)
    })

    when(
      () => isMajority(state.accepted),
      () => {
        state.accepted.clear()
        beb.broadcast({ kind: 'DECIDED', val: state.tmpval as Payload })
      },
    )

    upon(beb.deliver, 'DECIDED', (p, { val }) => {
      if (p === l) ep.decide(val)
    })

    upon(ep.abort, () => {
      ep.aborted({ valts: state.valts, val: state.val })
      halt() // a later answer could break lock-in
    })
  },
)
