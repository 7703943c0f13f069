import { BasicBroadcast } from '@upon/broadcast'
import { algorithm, type Payload, PerfectPointToPointLinks, type ProcessId, RegularRegister, shared } from '@upon/contract'
import { ExcludeOnTimeout } from '@upon/fd'

type Write = { kind: 'WRITE'; val: Payload }
type Ack = { kind: 'ACK' }

/**
 * Read-one write-all: a write waits for all processes that have not crashed, so a read returns the value of its own process.
 *
 * - Implements: RegularRegister (onrr)
 * - Uses: PerfectPointToPointLinks (pl), BestEffortBroadcast (beb), PerfectFailureDetector (pfd, shared)
 * - Assumes: fail-stop, any number of crashes (f < N); if the detector reports a process that has not crashed, validity is lost
 * - Cost: a read takes 0 steps and 0 messages, a write 2 steps and 2N messages
 * - Source: Algorithm 4.1, page 144
 */
export const ReadOneWriteAll = algorithm(
  {
    name: 'read-one-write-all',
    implements: { onrr: RegularRegister },
    uses: { pl: PerfectPointToPointLinks.of<Ack>(), beb: BasicBroadcast.of<Write>(), pfd: shared(ExcludeOnTimeout) },
    assumes: { processes: 'crash-stop', timing: 'synchronous', resilience: 'f < N' },
    state: ({ processes }) => ({
      val: undefined as Payload | undefined,
      correct: new Set<ProcessId>(processes),
      writeset: new Set<ProcessId>(),
    }),
  },
  ({ onrr, pl, beb, pfd, state, upon, when }) => {
    upon(pfd.crash, (p) => {
      state.correct.delete(p)
    })

    upon(onrr.read, () => {
      onrr.readReturn(state.val)
    })

    upon(onrr.write, (v) => {
      beb.broadcast({ kind: 'WRITE', val: v })
    })

    upon(beb.deliver, 'WRITE', (q, { val }) => {
      state.val = val
      pl.send(q, { kind: 'ACK' })
    })

    upon(pl.deliver, 'ACK', (p) => {
      state.writeset.add(p)
    })

    // only during a write: this process is in `correct`, and acknowledges nothing else to itself
    when(
      () => [...state.correct].every((p) => state.writeset.has(p)),
      () => {
        state.writeset.clear()
        onrr.writeReturn()
      },
    )
  },
)
