import { algorithm, CausalOrderReliableBroadcast, type Payload, type ProcessId } from '@upon/contract'
import { BroadcastWithSequenceNumber } from '../fifo/broadcast-with-sequence-number'
import { add, type MessageIds } from '../message-ids'

type Numbered = { readonly s: ProcessId; readonly sn: number; readonly m: Payload }

/**
 * No-waiting causal broadcast using FIFO broadcast: a message carries what its sender has delivered since its previous one. All before that
 * came with the previous ones.
 *
 * - Implements: CausalOrderReliableBroadcast (crb)
 * - Uses: FIFOReliableBroadcast (frb)
 * - Assumes: fail-silent; any number of crashes
 * - Cost: that of the broadcast below: over broadcast with sequence number 1 step, N + N² messages. A message carries each other message at
 *   most once for each sender
 * - Memory: the messages delivered since the last broadcast of this process, and the numbers of those delivered: one for each process, and
 *   those above a gap
 * - Source: Algorithm 3.24, page 132
 * - Departs from the text: messages are told apart by their sender and its number for them, not by their content; a process does not list
 *   its own messages when it delivers them, for FIFO order brings them in time
 */
export const NoWaitingCausalBroadcastUsingFIFO = algorithm(
  {
    name: 'no-waiting-causal-broadcast-using-fifo-broadcast',
    implements: { crb: CausalOrderReliableBroadcast },
    uses: { frb: BroadcastWithSequenceNumber.of<readonly Numbered[]>() },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
    state: () => ({ lsn: 0, delivered: new Map() as MessageIds, list: [] as Numbered[] }),
  },
  ({ crb, frb, state, self, upon }) => {
    upon(crb.broadcast, (m) => {
      state.lsn += 1
      frb.broadcast([...state.list, { s: self, sn: state.lsn, m }])
      state.list = []
    })

    upon(frb.deliver, (_p, list) => {
      for (const message of list) {
        const { s, sn, m } = message
        if (!add(state.delivered, s, sn)) continue
        if (s !== self) state.list.push(message)
        crb.deliver(s, m)
      }
    })
  },
)
