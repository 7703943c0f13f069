import { BestEffortBroadcast } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialBroadcast } from './broadcast'

/**
 * The worst best-effort broadcast that its module allows: messages come late and in no order, also those of one sender and to itself. Any
 * process may miss any message of a sender that crashes, however much later. BEB1 holds for correct senders only.
 */
export const adversarialBestEffortBroadcast = (process: SimulatedProcess) => adversarialBroadcast(process, BestEffortBroadcast, () => 'may')
