import type { Abstraction, Algorithm, Module, Port, Use, Uses } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { idealAtLeastOncePointToPointLinks } from './at-least-once-point-to-point-links'
import { idealAtomicRegister } from './atomic-register'
import { idealBestEffortBroadcast } from './best-effort-broadcast'
import { idealConsensus } from './consensus'
import { idealEpochChange } from './epoch-change'
import { idealEpochConsensus } from './epoch-consensus'
import { idealEventualLeaderDetector } from './eventual-leader-detector'
import { idealEventuallyPerfectFailureDetector } from './eventually-perfect-failure-detector'
import { idealLeaderElection } from './leader-election'
import { idealOneNAtomicRegister } from './one-n-atomic-register'
import { idealOneOneAtomicRegister } from './one-one-atomic-register'
import { idealPerfectFailureDetector } from './perfect-failure-detector'
import { idealRegularRegister } from './regular-register'
import { idealReliableBroadcast } from './reliable-broadcast'
import { idealStubbornPointToPointLinks } from './stubborn-point-to-point-links'
import { idealUniformConsensus } from './uniform-consensus'
import { idealUniformReliableBroadcast } from './uniform-reliable-broadcast'

/**
 * Layers that behave as badly as their modules allow, by the modules' names: `.over({ beb: ideal.BestEffortBroadcast(process) })`.
 * Fair-loss and perfect links have none: the simulator's are as bad as it gets.
 */
export const ideal = {
  StubbornPointToPointLinks: idealStubbornPointToPointLinks,
  AtLeastOncePointToPointLinks: idealAtLeastOncePointToPointLinks,
  PerfectFailureDetector: idealPerfectFailureDetector,
  LeaderElection: idealLeaderElection,
  EventuallyPerfectFailureDetector: idealEventuallyPerfectFailureDetector,
  EventualLeaderDetector: idealEventualLeaderDetector,
  BestEffortBroadcast: idealBestEffortBroadcast,
  ReliableBroadcast: idealReliableBroadcast,
  UniformReliableBroadcast: idealUniformReliableBroadcast,
  RegularRegister: idealRegularRegister,
  OneOneAtomicRegister: idealOneOneAtomicRegister,
  OneNAtomicRegister: idealOneNAtomicRegister,
  AtomicRegister: idealAtomicRegister,
  Consensus: idealConsensus,
  UniformConsensus: idealUniformConsensus,
  EpochChange: idealEpochChange,
  EpochConsensus: idealEpochConsensus,
} as const

const layers: Readonly<Record<string, ((process: SimulatedProcess) => Port<Module>) | undefined>> = ideal

/**
 * An algorithm over the ideal layers of the modules that it uses directly, so that it is tested against their specifications, not
 * against what our algorithms below happen to do. Perfect and fair-loss links, timers and modules that have no ideal layer stay as they are.
 */
export function idealized<M extends Module, U extends Uses, O, P>(
  algorithm: Algorithm<M, U, O, P>,
  process: SimulatedProcess,
): Algorithm<M, Record<never, never>, O, P> {
  return algorithm.over(Object.fromEntries(idealizable(algorithm).map(([name, make]) => [name, make(process)])) as never) as never
}

/** Whether `idealized` would change anything. */
export const hasIdealLayers = (algorithm: Algorithm<Module>): boolean => idealizable(algorithm).length > 0

function idealizable({ uses }: Pick<Algorithm<Module>, 'uses'>): [name: string, make: (process: SimulatedProcess) => Port<Module>][] {
  return Object.entries(uses).flatMap(([name, use]) => {
    const make = layers[moduleOf(use)?.name ?? '']
    return make === undefined ? [] : [[name, make]]
  })
}

/** The module that a use is of; none for a transport. */
function moduleOf(use: Use): Abstraction<Module> | undefined {
  const layer = ('layer' in use ? use.layer : use) as Abstraction<Module> | { readonly abstraction?: Abstraction<Module> }
  return 'sort' in layer && layer.sort === 'abstraction' ? layer : (layer as { readonly abstraction?: Abstraction<Module> }).abstraction
}
