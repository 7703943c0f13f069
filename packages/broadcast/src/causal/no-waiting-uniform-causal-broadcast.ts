import { CausalOrderUniformReliableBroadcast, restate } from '@upon/contract'
import { MajorityAckUniformReliableBroadcast } from '../uniform-reliable/majority-ack'
import { type Data, NoWaitingCausalBroadcast } from './no-waiting-causal-broadcast'

/**
 * No-waiting uniform causal broadcast: the regular algorithm over a uniform broadcast, which makes it uniform.
 *
 * - Implements: CausalOrderUniformReliableBroadcast (crb)
 * - Uses: UniformReliableBroadcast (rb)
 * - Assumes: fail-silent by itself, any number of crashes (f < N); majority-ack below it assumes a majority of correct processes
 * - Cost: that of the broadcast below: over majority-ack 2 steps, N² messages. A message is as long as all messages before it together
 * - Memory: all messages, forever
 * - Source: Algorithm 3.13, page 105, over uniform reliable broadcast, for module 3.10, page 104
 */
export const NoWaitingUniformCausalBroadcast = restate(NoWaitingCausalBroadcast, {
  name: 'no-waiting-uniform-causal-broadcast',
  implements: CausalOrderUniformReliableBroadcast,
  over: { rb: MajorityAckUniformReliableBroadcast.of<Data>() },
})
