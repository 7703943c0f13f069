import { BasicBroadcast } from '@upon/broadcast'
import { algorithm, OneNAtomicRegister, type Payload, PerfectPointToPointLinks, type ProcessId, shared } from '@upon/contract'
import { ExcludeOnTimeout } from '@upon/fd'

type Write = { kind: 'WRITE' } & Stamped
type Ack = { kind: 'ACK' }

/** A value with the timestamp of its write. */
type Stamped = { readonly ts: number; readonly val: Payload | undefined }

/**
 * Read-impose write-all: a write waits for all processes that have not crashed, and a read imposes on them what it is about to return.
 *
 * - Implements: OneNAtomicRegister (onar)
 * - Uses: PerfectPointToPointLinks (pl), BestEffortBroadcast (beb), PerfectFailureDetector (pfd, shared)
 * - Assumes: fail-stop, any number of crashes (f < N); if the detector reports a process that has not crashed, atomicity is lost
 * - Cost: a read or a write takes 2 steps and 2N messages
 * - Source: Algorithm 4.5, page 157
 * - Departs from the text of page 156, as the printed algorithm does: there are no request identifiers. None are needed: when an
 *   operation ends, only crashed processes can still acknowledge it
 */
export const ReadImposeWriteAll = algorithm(
  {
    name: 'read-impose-write-all',
    implements: { onar: OneNAtomicRegister },
    uses: { pl: PerfectPointToPointLinks.of<Ack>(), beb: BasicBroadcast.of<Write>(), pfd: shared(ExcludeOnTimeout) },
    assumes: { processes: 'crash-stop', timing: 'synchronous', resilience: 'f < N' },
    state: ({ processes }) => ({
      stored: { ts: 0, val: undefined } as Stamped,
      correct: new Set<ProcessId>(processes),
      writeset: new Set<ProcessId>(),
      readval: undefined as Payload | undefined,
      reading: false,
    }),
  },
  ({ onar, pl, beb, pfd, state, upon, when }) => {
    upon(pfd.crash, (p) => {
      state.correct.delete(p)
    })

    upon(onar.read, () => {
      state.reading = true
      state.readval = state.stored.val
      beb.broadcast({ kind: 'WRITE', ...state.stored })
    })

    upon(onar.write, (v) => {
      beb.broadcast({ kind: 'WRITE', ts: state.stored.ts + 1, val: v })
    })

    upon(beb.deliver, 'WRITE', (p, { ts, val }) => {
      if (ts > state.stored.ts) state.stored = { ts, val }
      pl.send(p, { kind: 'ACK' }) // also if it was not newer: the sender waits for all
    })

    upon(pl.deliver, 'ACK', (p) => {
      state.writeset.add(p)
    })

    // only during an operation: this process is in `correct`, and acknowledges nothing else to itself
    when(
      () => [...state.correct].every((p) => state.writeset.has(p)),
      () => {
        state.writeset.clear()
        if (state.reading) {
          state.reading = false
          onar.readReturn(state.readval)
        } else onar.writeReturn()
      },
    )
  },
)
