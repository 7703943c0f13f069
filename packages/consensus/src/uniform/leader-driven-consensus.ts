import { algorithm, increasing, type Payload, type ProcessId, UniformConsensus } from '@upon/contract'
import { LeaderBasedEpochChange } from '../epoch-change/leader-based-epoch-change'
import { ReadWriteEpochConsensus } from '../epoch-consensus/read-write-epoch-consensus'

/**
 * Leader-driven consensus: runs one epoch consensus after another, each with the state that the previous one left, until an epoch
 * whose leader all processes trust decides.
 *
 * - Implements: UniformConsensus (uc)
 * - Uses: EpochChange (ec), EpochConsensus (ep, one instance an epoch)
 * - Assumes: fail-noisy, a majority of correct processes (f < N/2)
 * - Cost: that of one epoch, 5 steps and 5N messages, if the first leader is correct and trusted
 * - Source: Algorithm 5.7, page 225
 */
export const LeaderDrivenConsensus = algorithm(
  {
    name: 'leader-driven-consensus',
    implements: { uc: UniformConsensus },
    uses: { ec: LeaderBasedEpochChange, ep: increasing(ReadWriteEpochConsensus.of<Payload>()) },
    assumes: { processes: 'crash-stop', timing: 'eventually-synchronous', resilience: 'f < N/2' },
    state: ({ l0 }) => ({
      val: undefined as Payload | undefined,
      proposed: false,
      decided: false,
      ets: 0,
      l: l0,
      newts: 0,
      newl: undefined as ProcessId | undefined,
    }),
  },
  ({ uc, ec, ep, state, self, upon, when }) => {
    ep.create(state.ets, { ets: state.ets, l: state.l, state: { valts: 0, val: undefined } })

    upon(uc.propose, (v) => {
      state.val = v
    })

    upon(ec.startEpoch, (newts, newl) => {
      state.newts = newts
      state.newl = newl
      ep.abort(state.ets)
    })

    upon(ep.aborted, (ts, epochState) => {
      if (ts !== state.ets) return
      ep.dispose(ts)
      state.ets = state.newts
      state.l = state.newl as ProcessId
      state.proposed = false
      ep.create(state.ets, { ets: state.ets, l: state.l, state: epochState })
    })

    when(
      () => state.l === self && state.val !== undefined && !state.proposed,
      () => {
        state.proposed = true
        ep.propose(state.ets, state.val as Payload)
      },
    )

    upon(ep.decide, (ts, v) => {
      if (ts !== state.ets || state.decided) return
      state.decided = true
      uc.decide(v)
    })
  },
)
