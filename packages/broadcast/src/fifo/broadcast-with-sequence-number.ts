import { algorithm, FIFOReliableBroadcast, type Payload, type ProcessId } from '@upon/contract'
import { EagerReliableBroadcast } from '../reliable/eager-reliable-broadcast'

type Data = { readonly sn: number; readonly m: Payload }
/** The number of a process's next message, and the messages above it that came before their turn. */
type Incoming = { next: number; readonly pending: Map<number, Payload> }

/**
 * Broadcast with sequence number: each process numbers its messages, and the others deliver them in the order of their numbers.
 *
 * - Implements: FIFOReliableBroadcast (frb)
 * - Uses: ReliableBroadcast (rb)
 * - Assumes: fail-silent; any number of crashes
 * - Cost: that of the broadcast below: over eager reliable broadcast 1 step, N + N² messages
 * - Memory: a number for each process, and the messages that came before their turn
 * - Source: Algorithm 3.12, page 102
 * - Departs from the text: the sender is not in the message, for rb says who it is; what is pending and whose turn it is are kept by sender
 */
export const BroadcastWithSequenceNumber = algorithm(
  {
    name: 'broadcast-with-sequence-number',
    implements: { frb: FIFOReliableBroadcast },
    uses: { rb: EagerReliableBroadcast.of<Data>() },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
    state: ({ processes }) => ({
      lsn: 0,
      incoming: new Map<ProcessId, Incoming>(processes.map((s) => [s, { next: 1, pending: new Map() }])),
    }),
  },
  ({ frb, rb, state, upon }) => {
    upon(frb.broadcast, (m) => {
      state.lsn += 1
      rb.broadcast({ sn: state.lsn, m })
    })

    upon(rb.deliver, (s, { sn, m }) => {
      const incoming = state.incoming.get(s) as Incoming
      incoming.pending.set(sn, m)
      while (incoming.pending.has(incoming.next)) {
        const turn = incoming.pending.get(incoming.next) as Payload
        incoming.pending.delete(incoming.next)
        incoming.next += 1
        frb.deliver(s, turn)
      }
    })
  },
)
