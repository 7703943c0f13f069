export { HandlerError } from './handler-error'
export { type Counters, type Observation, Process, type ProcessOptions } from './process'
export { DEFAULT_HOLD_LIMITS, type HoldLimits } from './router'
export { systemTimer } from './system-timer'
