/**
 * Fair-loss links over UDP: `UdpEndpoint` is one socket, and the transport of one process over it. What a datagram loses on its way, or
 * the system for want of room, is lost; nothing is sent again. Above it, `EliminateDuplicates` of `@upon/links` makes perfect links.
 */

export type { Address } from '../net/address'
export type { Disturbance, DisturbanceCounters } from '../net/disturbance'
export { ListenError } from '../net/listen-error'
export type { Log, LogLevel } from '../net/log-limit'
export { type Codec, plainData } from '../net/plain-data'
export type { DropReason, RefusalReason, UdpCounters } from './counters'
export { type Membership, UdpEndpoint, type UdpEndpointOptions } from './endpoint'
export { DEFAULT_LIMITS, type UdpLimits } from './limits'
