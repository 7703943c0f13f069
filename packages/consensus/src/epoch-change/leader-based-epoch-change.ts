import { BasicBroadcast } from '@upon/broadcast'
import { algorithm, EpochChange, PerfectPointToPointLinks, type ProcessId, shared, Timer } from '@upon/contract'
import { MonarchicalEventualLeaderDetection } from '@upon/fd'

type NewEpoch = { kind: 'NEWEPOCH'; ts: number }
type Nack = { kind: 'NACK' }

/**
 * Leader-based epoch-change: a process that is told to lead announces a new epoch, and the others start it if they trust it too.
 *
 * - Implements: EpochChange (ec)
 * - Uses: PerfectPointToPointLinks (pl), BestEffortBroadcast (beb), EventualLeaderDetector (eld, shared), Timer (timer)
 * - Assumes: fail-noisy; any number of crashes
 * - Cost: 1 step and N messages for each change of leader; 1 message more for each process that must be told twice
 * - Source: Algorithm 5.5, page 219
 * - Departs from the text, where a NACK for everything not started makes epochs without end, and one that nobody sends leaves a
 *   process behind in a dead epoch for ever:
 *   - Trust in l0 at the start begins no epoch: epoch 0 is its epoch already.
 *   - An epoch of a process that is not trusted is noted, not answered. Once that process is trusted, it gets its NACK, if the last
 *     epoch that it announced is not the one we are in. So it learns of every process that its epoch has lost.
 *   - An epoch that the same leader's later one has overtaken is not answered.
 *   - A new epoch's timestamp is above all that were seen, so that one attempt is enough. It grows in steps of N as in the text, where
 *     ranks are 1 to N; and of maxrank + 1 where a host's ranks are not distinct modulo N.
 *   - NACKs that come within `paceMs` of the epoch that answered the one before are answered together, by one epoch after that time:
 *     peers that follow the text to the letter answer every epoch of a leader that they do not trust, and would drive it round and round.
 */
export const LeaderBasedEpochChange = algorithm(
  {
    name: 'leader-based-epoch-change',
    implements: { ec: EpochChange },
    uses: {
      pl: PerfectPointToPointLinks.of<Nack>(),
      beb: BasicBroadcast.of<NewEpoch>(),
      eld: shared(MonarchicalEventualLeaderDetection),
      timer: Timer,
    },
    assumes: { model: 'fail-noisy', resilience: 'f < N' },
    options: { paceMs: 100 },
    state: ({ self, processes, rank }) => {
      const l0 = processes.at(-1) as ProcessId
      return {
        trusted: l0,
        lastts: 0,
        ts: rank(self),
        announced: new Map<ProcessId, number>([[l0, 0]]),
        pace: 'free' as 'free' | 'resting' | 'nacked',
      }
    },
  },
  ({ ec, pl, beb, eld, timer, state, self, processes, rank, options, upon }) => {
    const residues = new Set(processes.map((p) => rank(p) % processes.length))
    const step = residues.size === processes.length ? processes.length : rank(processes.at(-1) as ProcessId) + 1

    /** Stays rank(self) modulo the step, so that no two processes announce the same. */
    const announceEpoch = () => {
      const highest = Math.max(...state.announced.values())
      state.ts += step * (1 + Math.max(0, Math.floor((highest - state.ts) / step)))
      beb.broadcast({ kind: 'NEWEPOCH', ts: state.ts })
    }

    upon(eld.trust, (p) => {
      if (p === state.trusted) return
      state.trusted = p
      if (p === self) announceEpoch()
      else if (state.announced.has(p) && state.announced.get(p) !== state.lastts) pl.send(p, { kind: 'NACK' })
    })

    upon(beb.deliver, 'NEWEPOCH', (l, { ts: newts }) => {
      if (newts <= (state.announced.get(l) ?? -1)) return // overtaken by a later one of the same leader
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
