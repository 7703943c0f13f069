export type { Once } from './entry'
export type { ReplicaEvent, StateMachine, Step } from './machine'
export { type ExecuteOptions, type ReplicaFace, type ReplicateOptions, replicate } from './replicate'
