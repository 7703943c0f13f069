/**
 * `tcpTransport` makes the perfect links of a process over TCP, ready to be supplied to it. Below it are frames between listening addresses:
 * `TcpEndpoint` sends and receives them, over one connection per frame to any process, and over connections that are kept open and resumed to
 * processes that are known to support that. `FrameDecoder` and `frame` are the framing alone. They do not know what frames mean.
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
export { tcpTransport } from './transport/tcp-links'
export type { RefusalReason, TcpTransport, TcpTransportCounters, TcpTransportOptions } from './transport/tcp-transport'
export type { TcpTransportLimits } from './transport/transport-limits'
