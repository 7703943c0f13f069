import { type Port, UniformReliableBroadcast } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialBroadcast, type DutyOf } from './broadcast'

/** A message of a sender that crashes is delivered by no process, or by all correct ones and any of the faulty ones. */
export const dutyOfUniform: DutyOf = (p, delivered, isFaulty) => {
  if (delivered.size === 0) return 'all or none'
  return isFaulty(p) ? 'may' : 'must'
}

/**
 * The worst uniform reliable broadcast that its module allows: messages come late and in no order; of a sender that crashes, no process
 * delivers a message, or all correct ones do and any of the faulty ones. URB4 binds the correct processes as soon as any process has
 * delivered it.
 */
export const adversarialUniformReliableBroadcast = (process: SimulatedProcess) =>
  adversarialBroadcast(process, UniformReliableBroadcast, dutyOfUniform) as Port<UniformReliableBroadcast>
