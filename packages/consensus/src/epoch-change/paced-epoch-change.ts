import { BasicBroadcast } from '@upon/broadcast'
import { algorithm, EpochChange, PerfectPointToPointLinks, type ProcessId, shared, Timer } from '@upon/contract'
import { MonarchicalEventualLeaderDetection } from '@upon/fd'
import { nextAbove, stepOf } from './timestamps'

type NewEpoch = { kind: 'NEWEPOCH'; ts: number }
type Nack = { kind: 'NACK' }

/**
 * Paced epoch-change: leader-based epoch-change for systems with other implementations. There a NACK is empty. A peer that
 * follows the text to the letter answers every epoch of a leader that it does not trust, which would cause epochs without end.
 *
 * - Implements: EpochChange (ec)
 * - Uses: PerfectPointToPointLinks (pl), BestEffortBroadcast (beb), EventualLeaderDetector (eld, shared), Timer (timer)
 * - Assumes: fail-noisy; any number of crashes
 * - Cost: 1 step and N messages for each change of leader. A process costs 1 message and one announcement more if it has started an epoch that the
 *   new leader has not seen, or if it trusts the leader late. If that epoch is far above, it costs one announcement per `paceMs` until it is passed
 * - Source: Algorithm 5.5, page 219
 * - Departs from the text: as LeaderBasedEpochChange does, except for the content of its NACK. In addition:
 *   - The timestamp of a new epoch is above all timestamps seen, so that one announcement passes them.
 *   - NACKs that arrive within `paceMs` of the epoch that answered the previous NACK are answered together, by one epoch after that time.
 */
export const PacedEpochChange = algorithm(
  {
    name: 'paced-epoch-change',
    implements: { ec: EpochChange },
    uses: {
      pl: PerfectPointToPointLinks.of<Nack>(),
      beb: BasicBroadcast.of<NewEpoch>(),
      eld: shared(MonarchicalEventualLeaderDetection),
      timer: Timer,
    },
    assumes: { processes: 'crash-stop', timing: 'eventually-synchronous', resilience: 'f < N' },
    options: { paceMs: 100 },
    state: ({ self, l0, rank }) => ({
      trusted: l0,
      lastts: 0,
      ts: rank(self),
      announced: new Map<ProcessId, number>([[l0, 0]]),
      pace: 'free' as 'free' | 'resting' | 'nacked',
    }),
  },
  ({ ec, pl, beb, eld, timer, state, self, processes, rank, options, upon }) => {
    const step = stepOf(processes.map(rank))

    /** Stays equal to rank(self) modulo the step, so that no two processes announce the same timestamp. */
    const announceEpoch = () => {
      const highest = Math.max(...state.announced.values())
      state.ts = nextAbove(highest, state.ts, step)
      beb.broadcast({ kind: 'NEWEPOCH', ts: state.ts })
    }

    upon(eld.trust, (p) => {
      if (p === state.trusted) return
      state.trusted = p
      if (p === self) announceEpoch()
      else if (state.announced.has(p) && state.announced.get(p) !== state.lastts) pl.send(p, { kind: 'NACK' })
    })

    upon(beb.deliver, 'NEWEPOCH', (l, { ts: newts }) => {
      if (newts <= (state.announced.get(l) ?? -1)) return // overtaken by a later epoch of the same leader
      state.announced.set(l, newts)
      if (l !== state.trusted) return
      if (newts > state.lastts) {
        state.lastts = newts
        ec.startEpoch(newts, l)
      } else pl.send(l, { kind: 'NACK' })
    })

    upon(pl.deliver, 'NACK', () => {
      if (state.trusted !== self) return
      if (state.pace !== 'free') {
        state.pace = 'nacked'
        return
      }
      state.pace = 'resting'
      announceEpoch()
      timer.start(options.paceMs)
    })

    upon(timer.timeout, () => {
      const again = state.pace === 'nacked' && state.trusted === self
      state.pace = again ? 'resting' : 'free'
      if (!again) return
      announceEpoch()
      timer.start(options.paceMs)
    })
  },
)
