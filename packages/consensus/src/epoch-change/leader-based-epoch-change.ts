import { BasicBroadcast } from '@upon/broadcast'
import { algorithm, EpochChange, PerfectPointToPointLinks, type ProcessId, shared } from '@upon/contract'
import { MonarchicalEventualLeaderDetection } from '@upon/fd'
import { nextAbove, stepOf } from './timestamps'

type NewEpoch = { kind: 'NEWEPOCH'; ts: number }
/** The epoch that is not started, and the one that its sender is in. */
type Nack = { kind: 'NACK'; refused: number; lastts: number }

/**
 * Leader-based epoch-change: a process that is told to lead announces a new epoch, and the others start it if they trust it too. The
 * page, where all processes run it; over a wire that other implementations share, take PacedEpochChange.
 *
 * - Implements: EpochChange (ec)
 * - Uses: PerfectPointToPointLinks (pl), BestEffortBroadcast (beb), EventualLeaderDetector (eld, shared)
 * - Assumes: fail-noisy; any number of crashes
 * - Cost: 1 step and N messages for each change of leader. A process that has started an epoch which the new leader has not seen, or
 *   trusts it only after it has heard of its epoch, costs 1 message and one announcement more; several may share that
 * - Source: Algorithm 5.5, page 219
 * - Departs from the text, where a NACK for everything not started makes epochs without end, and one that nobody sends leaves a
 *   process behind in a dead epoch for ever:
 *   - An epoch of a process that is not trusted is noted, not answered. Once that process is trusted, it gets its NACK, if the last
 *     epoch that it announced is not the one we are in. Trust in l0 at the start begins no epoch: epoch 0 is its epoch already.
 *   - A NACK says which epoch it refuses, and is answered only if that is the leader's last; and which epoch its sender is in, so that
 *     one announcement passes it. Timestamps grow in steps of N as in the text, where ranks are 1 to N.
 */
export const LeaderBasedEpochChange = algorithm(
  {
    name: 'leader-based-epoch-change',
    implements: { ec: EpochChange },
    uses: { pl: PerfectPointToPointLinks.of<Nack>(), beb: BasicBroadcast.of<NewEpoch>(), eld: shared(MonarchicalEventualLeaderDetection) },
    assumes: { processes: 'crash-stop', timing: 'eventually-synchronous', resilience: 'f < N' },
    state: ({ self, l0, rank }) => ({
      trusted: l0,
      lastts: 0,
      ts: rank(self),
      announced: new Map<ProcessId, number>([[l0, 0]]),
    }),
  },
  ({ ec, pl, beb, eld, state, self, processes, rank, upon }) => {
    const announceEpoch = (seen: number) => {
      state.ts = nextAbove(seen, state.ts, stepOf(processes.map(rank)))
      beb.broadcast({ kind: 'NEWEPOCH', ts: state.ts })
    }

    const refuse = (l: ProcessId, refused: number) => pl.send(l, { kind: 'NACK', refused, lastts: state.lastts })

    upon(eld.trust, (p) => {
      if (p === state.trusted) return
      state.trusted = p
      const last = state.announced.get(p)
      if (p === self) announceEpoch(state.lastts)
      else if (last !== undefined && last !== state.lastts) refuse(p, last)
    })

    upon(beb.deliver, 'NEWEPOCH', (l, { ts: newts }) => {
      if (newts <= (state.announced.get(l) ?? -1)) return // overtaken by a later one of the same leader
      state.announced.set(l, newts)
      if (l !== state.trusted) return
      if (newts > state.lastts) {
        state.lastts = newts
        ec.startEpoch(newts, l)
      } else refuse(l, newts)
    })

    upon(pl.deliver, 'NACK', (_, { refused, lastts }) => {
      if (state.trusted === self && refused >= (state.announced.get(self) ?? 0)) announceEpoch(Math.max(lastts, refused))
    })
  },
)
