import { algorithm, CausalOrderReliableBroadcast, type Payload, type ProcessId } from '@upon/contract'
import { add, type MessageIds } from '../message-ids'
import { EagerReliableBroadcast } from '../reliable/eager-reliable-broadcast'

type Numbered = { readonly s: ProcessId; readonly sn: number; readonly m: Payload }
export type Data = { readonly past: readonly Numbered[]; readonly message: Numbered }

/**
 * No-waiting causal broadcast: a message carries all messages that its sender had broadcast or delivered before it. So its receivers need
 * not wait for them.
 *
 * - Implements: CausalOrderReliableBroadcast (crb)
 * - Uses: ReliableBroadcast (rb)
 * - Assumes: fail-silent; any number of crashes
 * - Cost: that of the broadcast below: over eager reliable broadcast 1 step, N + N² messages. A message is as long as all messages before
 *   it together
 * - Memory: all messages, forever; garbage collection of the causal past (algorithm 3.14) drops those that all processes have
 * - Source: Algorithm 3.13, page 105
 * - Departs from the text: messages are told apart by their sender and its number for them, not by their content; a process appends its own
 *   messages to its past when it broadcasts them and those of others when it delivers them, so that none is appended twice
 */
export const NoWaitingCausalBroadcast = algorithm(
  {
    name: 'no-waiting-causal-broadcast',
    implements: { crb: CausalOrderReliableBroadcast },
    uses: { rb: EagerReliableBroadcast.of<Data>() },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
    state: () => ({ lsn: 0, delivered: new Map() as MessageIds, past: [] as Numbered[] }),
  },
  ({ crb, rb, state, self, upon }) => {
    const deliver = (message: Numbered) => {
      const { s, sn, m } = message
      if (!add(state.delivered, s, sn)) return
      if (s !== self) state.past.push(message)
      crb.deliver(s, m)
    }

    upon(crb.broadcast, (m) => {
      state.lsn += 1
      const message = { s: self, sn: state.lsn, m }
      rb.broadcast({ past: [...state.past], message })
      state.past.push(message)
    })

    upon(rb.deliver, (_p, { past, message }) => {
      for (const before of past) deliver(before)
      deliver(message)
    })
  },
)
