/**
 * `tcpTransport` is the perfect links of a process over TCP, ready to be supplied to it. Below it, frames between listening addresses:
 * `TcpEndpoint` sends and receives them, one connection a frame to anybody, and over connections that are kept open and resumed to
 * processes that are known to do the same; `FrameDecoder` and `frame` are the framing by itself. These know nothing of what frames mean.
 */
export type { Address } from '../address'
export { type Codec, plainData } from '../codec/plain-data'
export { DEFAULT_FRAME_LIMIT_BYTES, FrameDecoder, FrameError, type FrameErrorCode, frame } from '../framing'
export type { Log, LogLevel } from '../limited-log'
export { ListenError } from '../listen-error'
export type { DropReason, EndpointCounters, MalformedReason } from './counters'
export { TcpEndpoint } from './endpoint'
export type { EndpointOptions } from './endpoint-options'
export type { Greeting, Verdict } from './kept/reception'
export { DEFAULT_LIMITS, type EndpointLimits, TooManyPeersError } from './limits'
export type { FrameOrigin } from './receiving/incoming'
export type { GivenUpReason } from './sending/peer'
export {
  type RefusalReason,
  type TcpTransport,
  type TcpTransportCounters,
  type TcpTransportOptions,
  tcpTransport,
} from './transport/tcp-transport'
export type { TcpTransportLimits } from './transport/transport-limits'
