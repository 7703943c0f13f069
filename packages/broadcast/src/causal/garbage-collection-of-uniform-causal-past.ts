import { CausalOrderUniformReliableBroadcast, restate } from '@upon/contract'
import { AllAckUniformReliableBroadcast } from '../uniform-reliable/all-ack'
import { GarbageCollectionOfCausalPast, type Message } from './garbage-collection-of-causal-past'

/**
 * Garbage collection of the uniform causal past: the regular algorithm over a uniform broadcast, which makes it uniform.
 *
 * - Implements: CausalOrderUniformReliableBroadcast (crb)
 * - Uses: UniformReliableBroadcast (rb), PerfectFailureDetector (pfd, shared)
 * - Assumes: fail-stop; any number of crashes
 * - Cost: 2 steps; a broadcast for each message and each acknowledgement: over all-ack N³ + N² messages
 * - Memory: the messages that are not acknowledged by all yet, and the numbers of the others: one for each process, and those above a gap
 * - Source: Algorithm 3.14, page 107, over uniform reliable broadcast, for module 3.10, page 104
 */
export const GarbageCollectionOfUniformCausalPast = restate(GarbageCollectionOfCausalPast, {
  name: 'garbage-collection-of-uniform-causal-past',
  implements: CausalOrderUniformReliableBroadcast,
  over: { rb: AllAckUniformReliableBroadcast.of<Message>() },
})
