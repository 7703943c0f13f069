export { LIMIT_FILE_BYTES as LIMIT_RECORDING_BYTES } from '@upon/trace/files'
export { Application, type AppMessage, HubApplication, type Value } from './app'
export {
  HOLD_BYTES,
  HOLD_MESSAGES,
  HOLD_MS,
  LIMIT_HELD_OF_LONG_PATHS,
  LIMIT_NAME_BYTES,
  LIMIT_NAMES,
  LIMIT_NAMES_CHARACTERS,
  LIMIT_OPERATIONS,
  LIMIT_SYSTEMS,
  LONG_PATH,
  limitNames,
} from './limits'
export { createLog, type Log, type LogLevel, silentLog } from './log'
export { type Member, Members, MembershipError } from './members'
export { createNode, type Node } from './node'
export type { NodeOptions } from './node-options'
export { RecordingError } from './recording/recorder'
export type { RecordingCounts } from './recording/recordings'
export type { Refusals } from './refusals'
export type { System } from './system'
export { HIGHEST_TIMESTAMP, MeaningError } from './wire'
