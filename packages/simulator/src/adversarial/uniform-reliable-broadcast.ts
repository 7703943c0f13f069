import { type Port, UniformReliableBroadcast } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialBroadcast, type DutyOf } from './broadcast'

/** A message of a sender that crashes is delivered by nobody, or by all correct processes and by each faulty one as it likes. */
export const dutyOfUniform: DutyOf = (p, delivered, isFaulty) => {
  if (delivered.size === 0) return 'all or none'
  return isFaulty(p) ? 'may' : 'must'
}

/**
 * The worst uniform reliable broadcast that its module allows: messages come late and in no order; of a sender that crashes, nobody
 * delivers a message, or all correct processes do, and faulty ones as they like. URB4 binds the correct ones as soon as anybody has.
 */
export const adversarialUniformReliableBroadcast = (process: SimulatedProcess) =>
  adversarialBroadcast(process, UniformReliableBroadcast, dutyOfUniform) as Port<UniformReliableBroadcast>
