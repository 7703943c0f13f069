import { algorithm, type Payload, type ProcessId, ReliableBroadcast } from '@upon/contract'
import { BasicBroadcast } from '../best-effort/basic-broadcast'
import { add, type MessageIds } from '../message-ids'

type Data = { kind: 'DATA'; s: ProcessId; sn: number; m: Payload }

/**
 * Eager reliable broadcast: every process relays a message as soon as it delivers it, so no failure detector is needed.
 *
 * - Implements: ReliableBroadcast (rb)
 * - Uses: BestEffortBroadcast (beb)
 * - Assumes: fail-silent; any number of crashes
 * - Cost: 1 step, N + N² messages; up to N steps if processes crash
 * - Memory: the numbers of the delivered messages: one per process, and the numbers above a gap
 * - Source: Algorithm 3.3, page 80
 * - Departs from the text: sender and number identify a message, not its content
 */
export const EagerReliableBroadcast = algorithm(
  {
    name: 'eager-reliable-broadcast',
    implements: { rb: ReliableBroadcast },
    uses: { beb: BasicBroadcast.of<Data>() },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
    state: () => ({
      broadcasts: 0,
      delivered: new Map() as MessageIds,
    }),
  },
  ({ rb, beb, state, self, upon }) => {
    upon(rb.broadcast, (m) => {
      state.broadcasts += 1
      beb.broadcast({ kind: 'DATA', s: self, sn: state.broadcasts, m })
    })

    upon(beb.deliver, 'DATA', (_p, data) => {
      const { s, sn, m } = data
      if (!add(state.delivered, s, sn)) return
      rb.deliver(s, m)
      beb.broadcast(data)
    })
  },
)
