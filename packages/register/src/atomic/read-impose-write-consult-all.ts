import { BasicBroadcast } from '@upon/broadcast'
import { AtomicRegister, algorithm, type Payload, PerfectPointToPointLinks, type ProcessId, shared } from '@upon/contract'
import { ExcludeOnTimeout } from '@upon/fd'

type Write = { kind: 'WRITE' } & Stamped
type Ack = { kind: 'ACK' }

/** A value with the timestamp of its write. Timestamps are compared first, then the ranks of the writers. */
type Stamped = { readonly ts: number; readonly wr: number; readonly val: Payload | undefined }

const isNewer = (a: Stamped, b: Stamped) => a.ts > b.ts || (a.ts === b.ts && a.wr > b.wr)

/**
 * Read-impose write-consult-all: a write waits for all processes that have not crashed, and a read imposes on them what it is about to return.
 * So a writer finds the latest timestamp in its own state, and asks no other process.
 *
 * - Implements: AtomicRegister (nnar)
 * - Uses: PerfectPointToPointLinks (pl), BestEffortBroadcast (beb), PerfectFailureDetector (pfd, shared)
 * - Assumes: fail-stop, any number of crashes (f < N); if the detector reports a process that has not crashed, atomicity is lost
 * - Cost: a read or a write takes 2 steps and 2N messages
 * - Source: Algorithm 4.9, page 166
 */
export const ReadImposeWriteConsultAll = algorithm(
  {
    name: 'read-impose-write-consult-all',
    implements: { nnar: AtomicRegister },
    uses: { pl: PerfectPointToPointLinks.of<Ack>(), beb: BasicBroadcast.of<Write>(), pfd: shared(ExcludeOnTimeout) },
    assumes: { processes: 'crash-stop', timing: 'synchronous', resilience: 'f < N' },
    state: ({ processes }) => ({
      stored: { ts: 0, wr: 0, val: undefined } as Stamped,
      correct: new Set<ProcessId>(processes),
      writeset: new Set<ProcessId>(),
      readval: undefined as Payload | undefined,
      reading: false,
    }),
  },
  ({ nnar, pl, beb, pfd, state, self, rank, upon, when }) => {
    upon(pfd.crash, (p) => {
      state.correct.delete(p)
    })

    upon(nnar.read, () => {
      state.reading = true
      state.readval = state.stored.val
      beb.broadcast({ kind: 'WRITE', ...state.stored }) // with the rank of its writer, not of this process
    })

    upon(nnar.write, (v) => {
      beb.broadcast({ kind: 'WRITE', ts: state.stored.ts + 1, wr: rank(self), val: v })
    })

    upon(beb.deliver, 'WRITE', (p, { ts, wr, val }) => {
      if (isNewer({ ts, wr, val }, state.stored)) state.stored = { ts, wr, val }
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
          nnar.readReturn(state.readval)
        } else nnar.writeReturn()
      },
    )
  },
)
