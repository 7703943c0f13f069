import { CausalOrderUniformReliableBroadcast, type Port } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialBroadcast } from './broadcast'
import { dutyOfUniform } from './uniform-reliable-broadcast'

/** The worst uniform causal broadcast that its module allows: as uniform reliable broadcast, but no message comes before one that may have caused it. */
export const adversarialCausalOrderUniformReliableBroadcast = (process: SimulatedProcess) =>
  adversarialBroadcast(
    process,
    CausalOrderUniformReliableBroadcast,
    dutyOfUniform,
    'broadcasts and deliveries',
  ) as Port<CausalOrderUniformReliableBroadcast>
