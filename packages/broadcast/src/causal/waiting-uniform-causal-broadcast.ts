import { CausalOrderUniformReliableBroadcast, restate } from '@upon/contract'
import { MajorityAckUniformReliableBroadcast } from '../uniform-reliable/majority-ack'
import { type Data, WaitingCausalBroadcast } from './waiting-causal-broadcast'

/**
 * Waiting uniform causal broadcast: the regular algorithm over a uniform broadcast, which makes it uniform.
 *
 * - Implements: CausalOrderUniformReliableBroadcast (crb)
 * - Uses: UniformReliableBroadcast (rb)
 * - Assumes: fail-silent by itself, any number of crashes (f < N); majority-ack below it assumes a majority of correct processes
 * - Cost: that of the broadcast below: over majority-ack 2 steps, N² messages, with N numbers in each
 * - Memory: a number for each process, and the messages that wait for others
 * - Source: Algorithm 3.15, page 108, over uniform reliable broadcast, for module 3.10, page 104
 */
export const WaitingUniformCausalBroadcast = restate(WaitingCausalBroadcast, {
  name: 'waiting-uniform-causal-broadcast',
  implements: CausalOrderUniformReliableBroadcast,
  over: { rb: MajorityAckUniformReliableBroadcast.of<Data>() },
})
