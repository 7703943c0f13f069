import { FIFOReliableBroadcast, type Port } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialBroadcast } from './broadcast'
import { dutyOfReliable } from './reliable-broadcast'

/**
 * The worst FIFO broadcast that its module allows: as reliable broadcast, but messages of one sender keep their order. Of a sender that
 * crashes, all correct processes deliver the same first messages.
 */
export const adversarialFIFOReliableBroadcast = (process: SimulatedProcess) =>
  adversarialBroadcast(process, FIFOReliableBroadcast, dutyOfReliable, 'broadcasts') as Port<FIFOReliableBroadcast>
