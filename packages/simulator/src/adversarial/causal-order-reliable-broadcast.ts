import { CausalOrderReliableBroadcast, type Port } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialBroadcast } from './broadcast'
import { dutyOfReliable } from './reliable-broadcast'

/** The worst causal broadcast that its module allows: as reliable broadcast, but no message comes before one that may have caused it. */
export const adversarialCausalOrderReliableBroadcast = (process: SimulatedProcess) =>
  adversarialBroadcast(
    process,
    CausalOrderReliableBroadcast,
    dutyOfReliable,
    'broadcasts and deliveries',
  ) as Port<CausalOrderReliableBroadcast>
