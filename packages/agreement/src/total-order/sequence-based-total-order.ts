import { LeaderDrivenSequence } from '@upon/consensus'
import { algorithm, type Payload, type ProcessId, UniformTotalOrderBroadcast } from '@upon/contract'

interface Message {
  readonly s: ProcessId
  readonly m: Payload
}

/**
 * Sequence-based uniform total-order broadcast: the order is that of the slots of a sequence consensus.
 *
 * - Implements: UniformTotalOrderBroadcast (tob)
 * - Uses: SequenceConsensus (seq)
 * - Assumes: fail-silent by itself, any number of crashes (f < N); its layer assumes more
 * - Cost: that of seq, one value a message: 3 steps and 3N messages for all that the leader broadcasts in a turn, 4 steps and 3N + 1 messages
 *   for those of another process
 * - Memory: none but that of seq. It makes no snapshots, for a message has to be delivered: what a dead process lacks is kept
 * - Source: ours, beside algorithm 6.1, page 285
 */
export const SequenceBasedTotalOrder = algorithm(
  {
    name: 'sequence-based-total-order',
    implements: { tob: UniformTotalOrderBroadcast },
    uses: { seq: LeaderDrivenSequence.of<Message>() },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
  },
  ({ tob, seq, self, upon }) => {
    upon(tob.broadcast, (m) => seq.propose({ s: self, m }))

    upon(seq.decide, (_slot, { s, m }) => tob.deliver(s, m))
  },
)
