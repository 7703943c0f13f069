import { BestEffortBroadcast } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialBroadcast } from './broadcast'

/**
 * The worst best-effort broadcast that its module allows: messages come late and in no order, also of one sender, also to itself; of a
 * sender that crashes, before or long after, any process may miss any message. BEB1 promises something to correct senders only.
 */
export const adversarialBestEffortBroadcast = (process: SimulatedProcess) => adversarialBroadcast(process, BestEffortBroadcast, () => 'may')
