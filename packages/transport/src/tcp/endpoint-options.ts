import type { Address } from '../address'
import type { Log } from '../limited-log'
import type { Greeting, Verdict } from './kept/reception'
import type { EndpointLimits } from './limits'
import type { FrameOrigin } from './receiving/incoming'
import type { GivenUpReason } from './sending/peer'

export interface EndpointOptions {
  /** An address of this machine, or a wildcard. */
  readonly host: string
  /** 0 lets the system choose; see `TcpEndpoint.address`. */
  readonly port: number
  readonly limits?: Partial<EndpointLimits>
  /**
   * A whole frame has arrived. The callback may keep the body, which may be a view of a larger array. An error that it throws is counted and
   * logged; the frame counts as received, and the connection goes on. If it returns a promise, the connection is not read until the promise
   * settles; frames that were read together with this one may still come.
   */
  onFrame(body: Uint8Array, from: FrameOrigin): unknown
  /** A connection was refused: nobody listens there. Called once, until `onPeerUp`. A hint for failure detectors; there is none for a frozen or unreachable peer. */
  onPeerDown?(address: Address): void
  /** The peer accepts connections again. Only after `onPeerDown`. */
  onPeerUp?(address: Address): void
  /** A process keeps a connection to us and announces this listening address, so it supports `upgrade`. The address is not verified. */
  onPeerKept?(address: Address): void
  /** What this process sends about itself at the beginning of each kept connection, at both ends; at most 16 KiB. By default nothing. */
  hello?(): Uint8Array
  /**
   * Decides whether a process may open a kept connection to us, or answer ours. A refused process receives the reason, which both ends log and
   * count, and rarely tries again. Otherwise the verdict says which peer this is, by the address that we send to. By default every process is
   * accepted with the address that it announces.
   */
  onHello?(greeting: Greeting): Verdict
  /**
   * Whether another incarnation of a process may come back at its address. `any`, the default: it receives what the incarnation before it has not
   * acknowledged. `one`: it is refused for good, at both ends, as the crash-stop model demands.
   */
  readonly incarnations?: 'one' | 'any'
  /** A different incarnation of a process is there. Only with `incarnations: 'any'`. */
  onPeerReplaced?(address: Address): void
  /** We have given up this incarnation of the peer, because a frame for it would be missing. A hint for failure detectors. The peer learns it when it connects. */
  onPeerGivenUp?(address: Address, reason: GivenUpReason): void
  /** That peer has given us up. */
  onGivenUp?(address: Address): void
  /** At most 10 lines of one kind in 5 s, then how many were left out. */
  onLog?: Log
  /** `classic`: this endpoint never keeps a connection open and ignores `upgrade`, but accepts kept connections of others. By default `kept`. */
  readonly connections?: 'kept' | 'classic'
}
