import { type Algorithm, layersOf, type Module, moduleOf, type Port, type Uses } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialAtLeastOncePointToPointLinks } from './at-least-once-point-to-point-links'
import { adversarialAtomicRegister } from './atomic-register'
import { adversarialBestEffortBroadcast } from './best-effort-broadcast'
import { adversarialCausalOrderReliableBroadcast } from './causal-order-reliable-broadcast'
import { adversarialCausalOrderUniformReliableBroadcast } from './causal-order-uniform-reliable-broadcast'
import { adversarialConsensus } from './consensus'
import { adversarialEpochChange } from './epoch-change'
import { adversarialEpochConsensus } from './epoch-consensus'
import { adversarialEventualLeaderDetector } from './eventual-leader-detector'
import { adversarialEventuallyPerfectFailureDetector } from './eventually-perfect-failure-detector'
import { adversarialFIFOPerfectPointToPointLinks } from './fifo-perfect-point-to-point-links'
import { adversarialFIFOReliableBroadcast } from './fifo-reliable-broadcast'
import { adversarialLeaderElection } from './leader-election'
import { adversarialNonBlockingAtomicCommit } from './non-blocking-atomic-commit'
import { adversarialOneNAtomicRegister } from './one-n-atomic-register'
import { adversarialOneOneAtomicRegister } from './one-one-atomic-register'
import { adversarialPerfectFailureDetector } from './perfect-failure-detector'
import { adversarialRegularRegister } from './regular-register'
import { adversarialReliableBroadcast } from './reliable-broadcast'
import { adversarialSequenceConsensus } from './sequence-consensus'
import { adversarialStubbornPointToPointLinks } from './stubborn-point-to-point-links'
import { adversarialTotalOrderBroadcast } from './total-order-broadcast'
import { adversarialUniformConsensus } from './uniform-consensus'
import { adversarialUniformReliableBroadcast } from './uniform-reliable-broadcast'
import { adversarialUniformTerminatingReliableBroadcast } from './uniform-terminating-reliable-broadcast'
import { adversarialUniformTotalOrderBroadcast } from './uniform-total-order-broadcast'

/**
 * Layers that behave as badly as their modules allow, by the names of the modules:
 * `.over({ beb: adversarial.BestEffortBroadcast(process) })`. Fair-loss and perfect links have none: those of the simulator already do the
 * worst.
 */
export const adversarial = {
  StubbornPointToPointLinks: adversarialStubbornPointToPointLinks,
  AtLeastOncePointToPointLinks: adversarialAtLeastOncePointToPointLinks,
  FIFOPerfectPointToPointLinks: adversarialFIFOPerfectPointToPointLinks,
  PerfectFailureDetector: adversarialPerfectFailureDetector,
  LeaderElection: adversarialLeaderElection,
  EventuallyPerfectFailureDetector: adversarialEventuallyPerfectFailureDetector,
  EventualLeaderDetector: adversarialEventualLeaderDetector,
  BestEffortBroadcast: adversarialBestEffortBroadcast,
  ReliableBroadcast: adversarialReliableBroadcast,
  UniformReliableBroadcast: adversarialUniformReliableBroadcast,
  FIFOReliableBroadcast: adversarialFIFOReliableBroadcast,
  CausalOrderReliableBroadcast: adversarialCausalOrderReliableBroadcast,
  CausalOrderUniformReliableBroadcast: adversarialCausalOrderUniformReliableBroadcast,
  RegularRegister: adversarialRegularRegister,
  OneOneAtomicRegister: adversarialOneOneAtomicRegister,
  OneNAtomicRegister: adversarialOneNAtomicRegister,
  AtomicRegister: adversarialAtomicRegister,
  Consensus: adversarialConsensus,
  UniformConsensus: adversarialUniformConsensus,
  EpochChange: adversarialEpochChange,
  EpochConsensus: adversarialEpochConsensus,
  SequenceConsensus: adversarialSequenceConsensus,
  TotalOrderBroadcast: adversarialTotalOrderBroadcast,
  UniformTotalOrderBroadcast: adversarialUniformTotalOrderBroadcast,
  UniformTerminatingReliableBroadcast: adversarialUniformTerminatingReliableBroadcast,
  NonBlockingAtomicCommit: adversarialNonBlockingAtomicCommit,
} as const

const layers: Readonly<Record<string, ((process: SimulatedProcess) => Port<Module>) | undefined>> = adversarial

/**
 * An algorithm over the adversarial layers of the modules that it uses directly, so that it is tested against their specifications, not
 * against what our algorithms below happen to do. Perfect and fair-loss links, timers and modules that have no adversarial layer stay as they are.
 */
export function overAdversarialLayers<M extends Module, U extends Uses, O, P>(
  algorithm: Algorithm<M, U, O, P>,
  process: SimulatedProcess,
): Algorithm<M, Record<never, never>, O, P> {
  return algorithm.over(Object.fromEntries(replaceable(algorithm).map(([name, make]) => [name, make(process)])) as never) as never
}

/** Whether `overAdversarialLayers` would change anything. */
export const hasAdversarialLayers = (algorithm: Algorithm<Module>): boolean => replaceable(algorithm).length > 0

function replaceable(algorithm: Algorithm<Module>): [name: string, make: (process: SimulatedProcess) => Port<Module>][] {
  return layersOf(algorithm).flatMap(({ name, layer }) => {
    const make = layers[moduleOf(layer).name]
    return make === undefined ? [] : [[name, make]]
  })
}
