import type { ProcessId } from '@upon/contract'
import type { Address } from '../address'
import type { Codec } from '../codec/plain-data'
import type { Disturbance } from '../disturbance'
import type { Log } from '../limited-log'
import type { UdpLimits } from './limits'

export interface UdpEndpointOptions {
  /** An IP address of this machine, or a wildcard. */
  readonly host: string
  /** 0 lets the system choose; see `UdpEndpoint.address`. */
  readonly port: number
  readonly limits?: Partial<UdpLimits>
  /** Loses, duplicates and reorders outgoing datagrams, for tests: without it, a machine loses no datagram to itself unless it is flooded. */
  readonly disturbance?: Disturbance
  /** At most 10 lines of one kind in 5 s, then how many were left out. */
  onLog?: Log
}

/** The process over an endpoint, and its peers. */
export interface Membership {
  /** The address from which each process of the system sends and at which it receives. Other senders are refused; addresses are not verified. */
  readonly addresses: Iterable<readonly [ProcessId, Address]>
  /** By default `plainData`. */
  readonly codec?: Codec
  /**
   * Whether processes come back after a crash with their stable storage, for algorithms of the fail-recovery model. By default not: a process
   * that comes back under the name of one that crashed is refused, at both ends, because it has forgotten what it promised.
   */
  readonly recovers?: boolean
}
