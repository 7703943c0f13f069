import { algorithm, type Payload, type ProcessId, UniformReliableBroadcast } from '@upon/contract'
import { BasicBroadcast } from '../best-effort/basic-broadcast'
import { add, type MessageIds } from '../message-ids'

type Data = { kind: 'DATA'; s: ProcessId; sn: number; m: Payload }
/** A message that is not delivered yet, and the processes that have relayed it. */
type Pending = { readonly m: Payload; readonly ack: Set<ProcessId> }

/**
 * Majority-ack uniform reliable broadcast: every process relays a message, and delivers it when a majority has relayed it.
 *
 * - Implements: UniformReliableBroadcast (urb)
 * - Uses: BestEffortBroadcast (beb)
 * - Assumes: fail-silent, a majority of correct processes (f < N/2)
 * - Cost: 2 steps, N² messages; up to N + 1 steps if processes crash
 * - Memory: the messages that are not delivered yet, and the numbers of all relayed messages: one per process, and the numbers above a gap
 * - Source: Algorithm 3.5, page 85
 * - Departs from the text: sender and number identify a message, not its content. A message leaves `pending`
 *   when it is delivered, so `relayed` is kept. Whether a message can be delivered is tested where that may have changed
 */
export const MajorityAckUniformReliableBroadcast = algorithm(
  {
    name: 'majority-ack',
    implements: { urb: UniformReliableBroadcast },
    uses: { beb: BasicBroadcast.of<Data>() },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N/2' },
    state: ({ processes }) => ({
      broadcasts: 0,
      relayed: new Map() as MessageIds,
      pending: new Map<ProcessId, Map<number, Pending>>(processes.map((p) => [p, new Map()])),
    }),
  },
  ({ urb, beb, state, self, processes, upon }) => {
    const relay = (data: Data) => {
      state.pending.get(data.s)?.set(data.sn, { m: data.m, ack: new Set() })
      beb.broadcast(data)
    }

    const canDeliver = ({ ack }: Pending) => ack.size > processes.length / 2

    const deliver = (s: ProcessId, sn: number, { m }: Pending) => {
      state.pending.get(s)?.delete(sn)
      urb.deliver(s, m)
    }

    upon(urb.broadcast, (m) => {
      state.broadcasts += 1
      add(state.relayed, self, state.broadcasts)
      relay({ kind: 'DATA', s: self, sn: state.broadcasts, m })
    })

    upon(beb.deliver, 'DATA', (p, data) => {
      const { s, sn } = data
      if (add(state.relayed, s, sn)) relay(data)
      const message = state.pending.get(s)?.get(sn)
      if (message === undefined) return // delivered before
      message.ack.add(p)
      if (canDeliver(message)) deliver(s, sn, message)
    })
  },
)
