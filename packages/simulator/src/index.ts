export { checkDeterminism, NotDeterministic } from './determinism'
export { drawPlan, type Model } from './draw'
export { type Exploration, type ExploredProcess, type ExploreOptions, explore } from './explorer/explore'
export type { Hold } from './faults'
export { hasIdealLayers, ideal, idealized } from './ideal'
export { outsideModel } from './outside-model'
export * from './plan'
export { hex, Random } from './random'
export { type Record, traceHash } from './recorder'
export {
  BROKEN_ASSUMPTION,
  judge,
  LETS_TIME_PASS,
  type Outcome,
  RESTS,
  runSeed,
  type Scenario,
  type Sometimes,
  type Violation,
} from './scenario'
export * from './script'
export { addStatistics, type Failure, noStatistics, runSeeds, type Statistics } from './seeds'
export { type ShrinkOptions, type Shrunk, shrink } from './shrink'
export { type Perform, type Run, type RunOptions, type Setup, type SimulationOptions, simulate } from './simulate'
export type { SimulatedProcess } from './simulated-process'
export type { Limits } from './simulation'
export { describePlan, stepsOf } from './words'
