import { MajorityAckUniformReliableBroadcast } from '@upon/broadcast'
import { LeaderDrivenConsensus } from '@upon/consensus'
import { restate, UniformTotalOrderBroadcast } from '@upon/contract'
import { ConsensusBasedTotalOrder, type Message } from './consensus-based-total-order'

/**
 * Consensus-based uniform total-order broadcast: the same as total-order broadcast, over a uniform broadcast and a uniform consensus.
 *
 * - Implements: UniformTotalOrderBroadcast (tob)
 * - Uses: UniformReliableBroadcast (rb), UniformConsensus (c, one instance per round)
 * - Assumes: fail-silent by itself, any number of crashes (f < N); its layers assume more
 * - Cost: one uniform broadcast a message and one consensus a round, in which any number of messages are ordered; for one message
 *   7 steps (6 among 3 processes) and N² + 5N messages
 * - Memory: the instances of all rounds, for a process that is behind may need any of them; and the numbers of all messages delivered
 * - Source: Algorithm 6.1, page 285, as the text remarks on module 6.2, page 284
 * - Departs from the text: the broadcast below is uniform, too. Over a regular one, a message that only a faulty process has received may be
 *   decided and delivered there, in a round in which the others have nothing to propose.
 */
export const ConsensusBasedUniformTotalOrder = restate(ConsensusBasedTotalOrder, {
  name: 'consensus-based-uniform-total-order',
  implements: UniformTotalOrderBroadcast,
  over: { rb: MajorityAckUniformReliableBroadcast.of<Message>(), c: LeaderDrivenConsensus.of<readonly Message[]>() },
})
