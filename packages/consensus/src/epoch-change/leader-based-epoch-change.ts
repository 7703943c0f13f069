import { BasicBroadcast } from '@upon/broadcast'
import { algorithm, EpochChange, PerfectPointToPointLinks, type ProcessId, shared } from '@upon/contract'
import { MonarchicalEventualLeaderDetection } from '@upon/fd'
import { nextAbove, stepOf } from './timestamps'

type NewEpoch = { kind: 'NEWEPOCH'; ts: number }
/** The epoch that was refused, and the epoch of the sender. */
type Nack = { kind: 'NACK'; refused: number; lastts: number }

/**
 * Leader-based epoch-change: a process that trusts itself announces a new epoch, and the others start it if they trust this process, too. This
 * is the page, for systems in which all processes run it. With other implementations in the system, use PacedEpochChange.
 *
 * - Implements: EpochChange (ec)
 * - Uses: PerfectPointToPointLinks (pl), BestEffortBroadcast (beb), EventualLeaderDetector (eld, shared)
 * - Assumes: fail-noisy; any number of crashes
 * - Cost: 1 step and N messages for each change of leader. A process costs 1 message and one announcement more if it has started an epoch
 *   that the new leader has not seen, or if it trusts the leader only after the announcement; several processes may share this
 * - Source: Algorithm 5.5, page 219
 * - Departs from the text. There, a NACK for every epoch that is not started can cause epochs without end, and a NACK that is never sent leaves a
 *   process in a dead epoch forever:
 *   - A process notes an epoch of a leader that it does not trust, and does not answer. When it trusts this leader, it sends the NACK, unless
 *     it is already in the last epoch that the leader announced. Trust in l0 at the start begins no epoch: epoch 0 belongs to l0.
 *   - A NACK names the epoch that it refuses, and the leader answers it only if that is its last one. It also names the sender's epoch, so that
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
      if (newts <= (state.announced.get(l) ?? -1)) return // overtaken by a later epoch of the same leader
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
