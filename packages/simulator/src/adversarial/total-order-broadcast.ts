import { TotalOrderBroadcast } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialOrder } from './total-order'

/**
 * The worst total-order broadcast that its module allows: messages come late, in an order unrelated to that of the broadcasts; those of a
 * faulty sender may be lost, and a faulty process delivers in any order (TOB4 and TOB5 bind correct ones).
 */
export const adversarialTotalOrderBroadcast = (process: SimulatedProcess) => adversarialOrder(process, TotalOrderBroadcast, 'correct')
