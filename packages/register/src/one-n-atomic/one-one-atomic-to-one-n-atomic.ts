import { algorithm, many, OneNAtomicRegister, type Payload, type ProcessId } from '@upon/contract'
import { OneNRegularToOneOneAtomic } from '../one-one-atomic/one-n-regular-to-one-one-atomic'

/** A value with the timestamp of its write. */
type Stamped = { readonly ts: number; readonly val: Payload | undefined }

const INITIAL: Stamped = { ts: 0, val: undefined }

const highest = (values: Iterable<Stamped>) => [...values].reduce((a, b) => (b.ts > a.ts ? b : a))

/**
 * From (1,1) atomic to (1,N) atomic: one register per pair of processes. The writer writes for every reader, and each reader writes for every
 * other reader what it is about to return.
 *
 * - Implements: OneNAtomicRegister (onar)
 * - Uses: OneOneAtomicRegister (ooar), N² of them: `ooar[1,2]` is written by the process of rank 2 and read by that of rank 1
 * - Assumes: fail-silent, any number of crashes (f < N) by itself; its registers assume more
 * - Cost: a read is N concurrent reads and then N concurrent writes, a write is N concurrent writes; over majority voting a read takes 4 steps and
 *   4N² messages, a write 2 steps and 2N² messages
 * - Source: Algorithm 4.4, page 154
 * - Departs from the text: completed writes are a set of registers and not a number, so that no write counts twice
 */
export const OneOneAtomicToOneNAtomic = algorithm(
  {
    name: 'one-one-atomic-to-one-n-atomic',
    implements: { onar: OneNAtomicRegister },
    uses: { ooar: many(OneNRegularToOneOneAtomic.of<Stamped>()) },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
    state: () => ({
      ts: 0,
      acks: new Set<string>(),
      writing: false,
      readval: undefined as Payload | undefined,
      readlist: new Map<string, Stamped>(),
    }),
  },
  ({ onar, ooar, state, self, processes, rank, upon }) => {
    const N = processes.length
    const register = (reader: ProcessId, writer: ProcessId) => `${rank(reader)},${rank(writer)}`
    for (const q of processes) for (const r of processes) ooar.create(register(q, r))

    upon(onar.write, (v) => {
      state.ts += 1
      state.writing = true
      for (const q of processes) ooar.write(register(q, self), { ts: state.ts, val: v })
    })

    upon(ooar.writeReturn, (written) => {
      state.acks.add(written)
      if (state.acks.size < N) return
      state.acks.clear()
      if (state.writing) {
        state.writing = false
        onar.writeReturn()
      } else onar.readReturn(state.readval)
    })

    upon(onar.read, () => {
      for (const r of processes) ooar.read(register(self, r))
    })

    upon(ooar.readReturn, (read, stamped = INITIAL) => {
      state.readlist.set(read, stamped)
      if (state.readlist.size < N) return
      const max = highest(state.readlist.values())
      state.readlist.clear()
      state.readval = max.val
      for (const q of processes) ooar.write(register(q, self), max)
    })
  },
)
