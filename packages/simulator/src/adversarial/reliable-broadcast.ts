import { type Port, ReliableBroadcast } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialBroadcast } from './broadcast'

/**
 * The worst reliable broadcast that its module allows: messages come late and in no order; of a sender that crashes, all correct
 * processes deliver a message or none does, and each faulty one as it likes. RB4 says nothing about who delivers and then crashes.
 */
export const adversarialReliableBroadcast = (process: SimulatedProcess) =>
  adversarialBroadcast(process, ReliableBroadcast, (p, delivered, isFaulty) => {
    if (isFaulty(p)) return 'may'
    return [...delivered].every(isFaulty) ? 'all or none' : 'must'
  }) as Port<ReliableBroadcast>
