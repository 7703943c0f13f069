export * from './agreement/non-blocking-atomic-commit'
export * from './agreement/total-order-broadcast'
export * from './agreement/uniform-fast-consensus'
export * from './agreement/uniform-terminating-reliable-broadcast'
export * from './agreement/uniform-total-order-broadcast'
export * from './algorithm'
export {
  type Assumptions,
  assumptionsText,
  modelOf,
  mostFaulty,
  type ProcessFailures,
  type Resilience,
  type SystemModel,
  type Timing,
  together,
} from './assumptions'
export { refusesBottom } from './bottom'
export * from './broadcast/best-effort-broadcast'
export * from './broadcast/reliable-broadcast'
export * from './broadcast/uniform-reliable-broadcast'
export { canonical } from './canonical'
export * from './consensus/consensus'
export * from './consensus/epoch-change'
export * from './consensus/epoch-consensus'
export * from './consensus/uniform-consensus'
export * from './event'
export * from './fd/eventual-leader-detector'
export * from './fd/eventually-perfect-failure-detector'
export * from './fd/leader-election'
export * from './fd/perfect-failure-detector'
export * from './host'
export * from './layer'
export * from './links/at-least-once-point-to-point-links'
export * from './links/fair-loss-point-to-point-links'
export * from './links/perfect-point-to-point-links'
export * from './links/stubborn-point-to-point-links'
export * from './module'
export { checkName, misuse } from './names'
export * from './ports/connection-watch'
export * from './ports/message-capacity'
export * from './ports/random-source'
export * from './ports/signatures'
export * from './ports/stable-storage'
export * from './ports/timer'
export * from './ports/turn'
export { printable } from './printable'
export * from './register/atomic-register'
export * from './register/one-n-atomic-register'
export * from './register/one-one-atomic-register'
export * from './register/regular-register'
export { type AnyLayer, anyLayer, assumptionsOf, type Below, isAlgorithm, layersOf, moduleOf, stackOf } from './stack'
export * from './use'
