/**
 * Fair-loss links over UDP: `UdpEndpoint` is one socket, and the transport of one process over it. Datagrams that the network or the operating
 * system drops are lost; nothing is retransmitted. Over it, `EliminateDuplicates` of `@upon/links` makes perfect links.
 */

export type { Address } from '../address'
export { type Codec, plainData } from '../codec/plain-data'
export type { Disturbance, DisturbanceCounters } from '../disturbance'
export type { Log, LogLevel } from '../limited-log'
export { ListenError } from '../listen-error'
export type { DropReason, RefusalReason, UdpCounters } from './counters'
export { UdpEndpoint } from './endpoint'
export type { Membership, UdpEndpointOptions } from './endpoint-options'
export { DEFAULT_LIMITS, type UdpLimits } from './limits'
