/** What every transport has in common, without sockets: where processes listen, how messages become bytes, what goes to a log. */
export type { Address } from './net/address'
export { ListenError } from './net/listen-error'
export type { Log, LogLevel } from './net/log-limit'
export { type Codec, plainData } from './net/plain-data'
export { DEFAULT_FRAME_LIMIT_BYTES, FrameDecoder, FrameError, type FrameErrorCode, frame } from './tcp/framing'
