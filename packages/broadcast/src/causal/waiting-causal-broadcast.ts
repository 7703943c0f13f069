import { algorithm, CausalOrderReliableBroadcast, type Payload, type ProcessId } from '@upon/contract'
import { EagerReliableBroadcast } from '../reliable/eager-reliable-broadcast'

/** A message, and how many of each process come before it, in the order of ranks. */
export type Data = { readonly w: readonly number[]; readonly m: Payload }
type Pending = Data & { readonly s: ProcessId }

/**
 * Waiting causal broadcast: a message says how many messages of each process come before it, and waits at its receivers until these are
 * delivered.
 *
 * - Implements: CausalOrderReliableBroadcast (crb)
 * - Uses: ReliableBroadcast (rb)
 * - Assumes: fail-silent; any number of crashes
 * - Cost: that of the broadcast below: over eager reliable broadcast 1 step, N + N² messages, with N numbers in each
 * - Memory: a number for each process, and the messages that wait for others
 * - Source: Algorithm 3.15, page 108
 */
export const WaitingCausalBroadcast = algorithm(
  {
    name: 'waiting-causal-broadcast',
    implements: { crb: CausalOrderReliableBroadcast },
    uses: { rb: EagerReliableBroadcast.of<Data>() },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
    state: ({ processes }) => ({
      /** How many messages of each process were delivered, in the order of ranks. */
      v: processes.map(() => 0),
      lsn: 0,
      pending: [] as Pending[],
    }),
  },
  ({ crb, rb, state, self, processes, upon, when }) => {
    const placeOf = (p: ProcessId) => processes.indexOf(p)
    const isNext = ({ w }: Pending) => w.every((count, i) => count <= (state.v[i] as number))

    upon(crb.broadcast, (m) => {
      rb.broadcast({ w: state.v.with(placeOf(self), state.lsn), m })
      state.lsn += 1
    })

    upon(rb.deliver, (p, { w, m }) => {
      state.pending.push({ s: p, w, m })
    })

    when(
      () => state.pending.find(isNext),
      (next) => {
        state.pending.splice(state.pending.indexOf(next), 1)
        state.v[placeOf(next.s)] = (state.v[placeOf(next.s)] as number) + 1
        crb.deliver(next.s, next.m)
      },
    )
  },
)
