/**
 * Registers, consensus, broadcasts and replicated state machines as an application programmer expects them: promises with an `AbortSignal`, async iteration, and
 * errors that say whether the outcome is known. A thin layer over the events of the port that `process.run` returns.
 */
export { type BroadcastFace, type BroadcastFaceOptions, type BroadcastPort, broadcastFace } from './broadcast-face'
export { type ConsensusFace, type ConsensusPort, consensusFace } from './consensus-face'
export { DeliveriesLostError, type Delivery } from './deliveries'
export type { FaceProcess, OperationOptions } from './face'
export { NoEffectError, type OperationCode, OperationError, OutcomeUnknownError, type Reason } from './operation-error'
export { type RegisterFace, type RegisterPort, registerFace } from './register-face'
export { type RegistersFace, type RegistersOptions, registersFace } from './registers-face'
export {
  type ExecuteOptions,
  type Once,
  type ReplicaEvent,
  type ReplicaFace,
  type ReplicateOptions,
  replicate,
  type StateMachine,
  type Step,
} from './replicate'
