/**
 * Fair-loss links over UDP: `UdpEndpoint` is one socket, and the transport of one process over it. What a datagram loses on its way, or
 * the system for want of room, is lost; nothing is sent again. Above it, `EliminateDuplicates` of `@upon/links` makes perfect links.
 */

export type { Address } from '../address'
export { type Codec, plainData } from '../codec/plain-data'
export type { Disturbance, DisturbanceCounters } from '../disturbance'
export type { Log, LogLevel } from '../limited-log'
export { ListenError } from '../listen-error'
export type { DropReason, RefusalReason, UdpCounters } from './counters'
export { type Membership, UdpEndpoint, type UdpEndpointOptions } from './endpoint'
export { DEFAULT_LIMITS, type UdpLimits } from './limits'
