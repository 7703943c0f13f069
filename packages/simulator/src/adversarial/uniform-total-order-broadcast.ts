import { type Port, UniformTotalOrderBroadcast } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialOrder } from './total-order'

/**
 * The worst uniform total-order broadcast that its module allows: messages come late, in an order unrelated to that of the broadcasts; those
 * of a faulty sender may be lost. All deliver in this order, and without gaps (UTOB4, UTOB5).
 */
export const adversarialUniformTotalOrderBroadcast = (process: SimulatedProcess) =>
  adversarialOrder(process, UniformTotalOrderBroadcast, 'all') as Port<UniformTotalOrderBroadcast>
