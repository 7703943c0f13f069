import { LazyReliableBroadcast } from '@upon/broadcast'
import { FloodingConsensus } from '@upon/consensus'
import { algorithm, increasing, type Payload, type ProcessId, TotalOrderBroadcast } from '@upon/contract'

/** A message, told apart from others by its sender and number. */
export interface Message {
  readonly s: ProcessId
  readonly sn: number
  readonly m: Payload
}

const idOf = ({ s, sn }: Message) => `${s} ${sn}`

/**
 * Consensus-based total-order broadcast: in each round, all decide which of the messages that they have received come next.
 *
 * - Implements: TotalOrderBroadcast (tob)
 * - Uses: ReliableBroadcast (rb), Consensus (c, one instance per round)
 * - Assumes: fail-silent by itself, any number of crashes (f < N); its layers assume more
 * - Cost: one reliable broadcast per message and one consensus per round, which orders any number of messages; for one message
 *   2 steps and 2N² + N messages
 * - Memory: the instances of all rounds, for a process that is behind may need any of them; and the numbers of all messages delivered
 * - Source: Algorithm 6.1, page 285
 * - Departs from the text:
 *   - A message is known by its sender and number, where the text compares a message with pairs of sender and message.
 *   - What is decided again is not delivered again. A faulty process that decides otherwise in one round, which regular consensus allows,
 *     may propose in the next what the others have delivered.
 */
export const ConsensusBasedTotalOrder = algorithm(
  {
    name: 'consensus-based-total-order',
    implements: { tob: TotalOrderBroadcast },
    uses: { rb: LazyReliableBroadcast.of<Message>(), c: increasing(FloodingConsensus.of<readonly Message[]>()) },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
    state: () => ({ broadcasts: 0, round: 1, unordered: new Map<string, Message>(), delivered: new Set<string>() }),
  },
  ({ tob, rb, c, state, self, rank, upon, when }) => {
    const inOrder = (a: Message, b: Message) => rank(a.s) - rank(b.s) || a.sn - b.sn

    upon(tob.broadcast, (m) => {
      state.broadcasts += 1
      rb.broadcast({ s: self, sn: state.broadcasts, m })
    })

    upon(rb.deliver, (_p, message) => {
      if (!state.delivered.has(idOf(message))) state.unordered.set(idOf(message), message)
    })

    when(
      () => state.unordered.size > 0 && !c.has(state.round),
      () => {
        c.create(state.round)
        c.propose(state.round, [...state.unordered.values()])
      },
    )

    upon(c.decide, (_round, decided) => {
      for (const message of [...decided].sort(inOrder)) {
        if (state.delivered.has(idOf(message))) continue
        state.delivered.add(idOf(message))
        state.unordered.delete(idOf(message))
        tob.deliver(message.s, message.m)
      }
      state.round += 1
    })
  },
)
