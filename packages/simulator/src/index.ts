export { adversarial, hasAdversarialLayers, overAdversarialLayers } from './adversarial'
export { type RecordScope, traceHash } from './engine/recorder'
export { type Perform, type Run, type RunOptions, type Setup, type SimulationOptions, simulate } from './engine/simulate'
export type { SimulatedProcess } from './engine/simulated-process'
export type { Limits } from './engine/simulation'
export { type Exploration, type ExploredProcess, type ExploreOptions, explore, exploreUntil } from './explorer/explore'
export { drawPlan } from './plan/draw'
export { outsideModel } from './plan/outside-model'
export type { ClientOperation, Crash, Fault, Plan, Recovery, Schedule, Span } from './plan/plan'
export type { PlanSpace } from './plan/plan-space'
export { hex, Random } from './plan/random'
export * from './plan/script'
export { describePlan, stepsOf } from './plan/words'
export { checkDeterminism, NotDeterministic } from './seeds/determinism'
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
} from './seeds/scenario'
export { addStatistics, type Failure, noStatistics, runSeeds, runSeedsUntil, type Statistics } from './seeds/seeds'
export { type ShrinkOptions, type Shrunk, shrink } from './seeds/shrink'
export * from './session'
export type { Stoppable } from './slices'
