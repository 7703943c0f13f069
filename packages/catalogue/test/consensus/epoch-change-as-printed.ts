import { BasicBroadcast } from '@upon/broadcast'
import { algorithm, EpochChange, EventualLeaderDetector, PerfectPointToPointLinks, type ProcessId } from '@upon/contract'

/** Algorithm 5.5, page 219, to the letter: a NACK for each epoch that is not started, and an epoch for each NACK. What foreign peers run. */
export const EpochChangeAsPrinted = algorithm(
  {
    name: 'epoch-change-as-printed',
    implements: { ec: EpochChange },
    uses: {
      pl: PerfectPointToPointLinks.of<{ kind: 'NACK' }>(),
      beb: BasicBroadcast.of<{ kind: 'NEWEPOCH'; ts: number }>(),
      eld: EventualLeaderDetector,
    },
    assumes: { processes: 'crash-stop', timing: 'eventually-synchronous', resilience: 'f < N' },
    state: ({ self, processes, rank }) => ({ trusted: processes.at(-1) as ProcessId, lastts: 0, ts: rank(self) }),
  },
  ({ ec, pl, beb, eld, state, self, processes, upon }) => {
    const announceEpoch = () => {
      state.ts += processes.length
      beb.broadcast({ kind: 'NEWEPOCH', ts: state.ts })
    }

    upon(eld.trust, (p) => {
      state.trusted = p
      if (p === self) announceEpoch()
    })

    upon(beb.deliver, 'NEWEPOCH', (l, { ts: newts }) => {
      if (l === state.trusted && newts > state.lastts) {
        state.lastts = newts
        ec.startEpoch(newts, l)
      } else pl.send(l, { kind: 'NACK' })
    })

    upon(pl.deliver, 'NACK', () => {
      if (state.trusted === self) announceEpoch()
    })
  },
)
