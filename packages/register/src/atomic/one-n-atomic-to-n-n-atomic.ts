import { AtomicRegister, algorithm, many, type Payload, type ProcessId } from '@upon/contract'
import { ReadImposeWriteMajority } from '../one-n-atomic/read-impose-write-majority'

/** A value as its register holds it, with the timestamp of its write. */
type Written = { readonly ts: number; readonly val: Payload | undefined }

/** Timestamps are compared first, then the ranks of the writers. */
type Stamped = Written & { readonly wr: number }

const INITIAL: Written = { ts: 0, val: undefined }

const isNewer = (a: Stamped, b: Stamped) => a.ts > b.ts || (a.ts === b.ts && a.wr > b.wr)
const highest = (values: Iterable<Stamped>) => [...values].reduce((a, b) => (isNewer(b, a) ? b : a))

/**
 * From (1,N) atomic to (N,N) atomic: one register per writer. Reads and writes first read all of them. A write then stores a later
 * timestamp in the writer's own register.
 *
 * - Implements: AtomicRegister (nnar)
 * - Uses: OneNAtomicRegister (onar), N of them: `onar[q]` is written by q
 * - Assumes: fail-silent, any number of crashes (f < N) by itself; its registers assume more
 * - Cost: a read is N concurrent reads, a write is N concurrent reads and then a write; over read-impose write-majority a read takes 4 steps and
 *   4N² messages, a write 6 steps and 4N² + 2N messages
 * - Source: Algorithm 4.8, page 163
 */
export const OneNAtomicToNNAtomic = algorithm(
  {
    name: 'one-n-atomic-to-n-n-atomic',
    implements: { nnar: AtomicRegister },
    uses: { onar: many(ReadImposeWriteMajority.of<Written>()) },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
    state: () => ({
      val: undefined as Payload | undefined,
      writing: false,
      readlist: new Map<ProcessId, Stamped>(),
    }),
  },
  ({ nnar, onar, state, self, processes, rank, upon }) => {
    const N = processes.length
    for (const q of processes) onar.create(q)

    upon(nnar.write, (v) => {
      state.val = v
      state.writing = true
      for (const q of processes) onar.read(q)
    })

    upon(nnar.read, () => {
      for (const q of processes) onar.read(q)
    })

    upon(onar.readReturn, (q, { ts, val } = INITIAL) => {
      state.readlist.set(q, { ts, wr: rank(q), val })
      if (state.readlist.size < N) return
      const max = highest(state.readlist.values())
      state.readlist.clear()
      if (state.writing) {
        state.writing = false
        onar.write(self, { ts: max.ts + 1, val: state.val })
      } else nnar.readReturn(max.val)
    })

    upon(onar.writeReturn, () => {
      nnar.writeReturn()
    })
  },
)
