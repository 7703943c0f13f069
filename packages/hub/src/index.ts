export {
  type DrawOptions,
  drawHistory,
  InvalidHistory,
  type LinearizableOptions,
  type Linearized,
  linearizable,
  type Operation,
  type Verdict,
} from '@upon/linearizability'
export { LIMIT_FILE_BYTES as LIMIT_TRACE_BYTES } from '@upon/trace/files'
export { HubError, type HubErrorCode, LIMIT_ANSWERS, LIMIT_NAME_BYTES, LIMIT_NAMES, LIMIT_NAMES_CHARACTERS } from './errors'
export type { HubEvent, Log, LogLevel } from './events'
export { Hub } from './hub'
export type { ConsensusOptions, HubCounters, HubOptions, StormOptions } from './hub-options'
export type { IgnoredCounters } from './messages/incoming'
export { LIMIT_PROCESSES, type RegisteredProcess } from './processes/registry'
export type { RecordingCounts } from './recording/recordings'
export type { RecordedOperation } from './registers/history'
export { LIMIT_HISTORY, LIMIT_OPERATIONS } from './registers/registers'
export type {
  AnyOutcome,
  BroadcastOutcome,
  ConsensusOutcome,
  Judgement,
  Outcome,
  ReadOutcome,
  StormOutcome,
  WriteOutcome,
} from './system/outcomes'
export type { Answer, Missing, MissingReason } from './system/pending'
export type { Member } from './system/system-port'
