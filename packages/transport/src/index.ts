/** What every transport has in common, without sockets: where processes listen, how messages become bytes, what goes to a log. */
export type { Address } from './address'
export { type Codec, plainData } from './codec/plain-data'
export { DEFAULT_FRAME_LIMIT_BYTES, FrameDecoder, FrameError, type FrameErrorCode, frame } from './framing'
export { LimitedLog, type LineSort, type Log, type LogLevel } from './limited-log'
export { ListenError } from './listen-error'
