import { algorithm, OneOneAtomicRegister, type Payload } from '@upon/contract'
import { MajorityVoting } from '../regular/majority-voting'

/** A value with the timestamp of its write. */
type Stamped = { readonly ts: number; readonly val: Payload | undefined }

const INITIAL: Stamped = { ts: 0, val: undefined }

/**
 * From (1,N) regular to (1,1) atomic: the writer adds a timestamp to each value, and the reader remembers the latest value that it has seen.
 *
 * - Implements: OneOneAtomicRegister (ooar)
 * - Uses: RegularRegister (onrr)
 * - Assumes: fail-silent, any number of crashes (f < N) by itself; its register assumes more
 * - Cost: that of its register: a read is a read, a write a write; over majority voting each takes 2 steps and 2N messages
 * - Source: Algorithm 4.3, page 152
 */
export const OneNRegularToOneOneAtomic = algorithm(
  {
    name: 'one-n-regular-to-one-one-atomic',
    implements: { ooar: OneOneAtomicRegister },
    uses: { onrr: MajorityVoting.of<Stamped>() },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
    state: () => ({ wts: 0, latest: INITIAL }),
  },
  ({ ooar, onrr, state, upon }) => {
    upon(ooar.write, (v) => {
      state.wts += 1
      onrr.write({ ts: state.wts, val: v })
    })

    upon(onrr.writeReturn, () => {
      ooar.writeReturn()
    })

    upon(ooar.read, () => {
      onrr.read()
    })

    upon(onrr.readReturn, (read = INITIAL) => {
      if (read.ts > state.latest.ts) state.latest = read
      ooar.readReturn(state.latest.val)
    })
  },
)
