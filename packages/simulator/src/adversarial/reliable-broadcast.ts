import { type Port, ReliableBroadcast } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialBroadcast, type DutyOf } from './broadcast'

/** A message of a sender that crashes is delivered by all correct processes or by none, and by any of the faulty ones. */
export const dutyOfReliable: DutyOf = (p, delivered, isFaulty) => {
  if (isFaulty(p)) return 'may'
  return [...delivered].every(isFaulty) ? 'all or none' : 'must'
}

/**
 * The worst reliable broadcast that its module allows: messages come late and in no order; of a sender that crashes, all correct processes
 * deliver a message or none does, and any of the faulty ones may. RB4 says nothing about processes that deliver and then crash.
 */
export const adversarialReliableBroadcast = (process: SimulatedProcess) =>
  adversarialBroadcast(process, ReliableBroadcast, dutyOfReliable) as Port<ReliableBroadcast>
