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
   * A whole frame has arrived. The body is this callback's to keep; it may be a view of a larger array.
   * What it throws is counted and logged, the frame counts as taken, and the connection goes on. A promise: the connection is read no further until it
   * settles; frames that were read with this one may still come.
   */
  onFrame(body: Uint8Array, from: FrameOrigin): unknown
  /** Nobody listens there: a connection was refused. Once, until `onPeerUp`. A hint for failure detectors: a frozen or unreachable peer gives none. */
  onPeerDown?(address: Address): void
  /** The peer takes connections again. Only after `onPeerDown`. */
  onPeerUp?(address: Address): void
  /** A process keeps a connection to us, and says that it listens there: so `upgrade` will do for it. Not verified. */
  onPeerKept?(address: Address): void
  /** What this process says of itself at the beginning of each kept connection, at both ends; at most 16 KiB. Nothing by default. */
  hello?(): Uint8Array
  /**
   * A process opens a kept connection to us, or answers ours: may it? Who is refused is told why, which both ends log and count, and tries again rarely.
   * Else: which of the peers this is, by the address that we send to. By default everybody is taken at its word.
   */
  onHello?(greeting: Greeting): Verdict
  /**
   * Whether a process may come back at the address of one that was there: as another incarnation, which gets what the one before it has not acknowledged (`any`);
   * or is refused, for good and at both ends, as the crash-stop model has it (`one`). Default: `any`.
   */
  readonly incarnations?: 'one' | 'any'
  /** Another incarnation of a process is there than before. Only with `incarnations: 'any'`. */
  onPeerReplaced?(address: Address): void
  /** The peer's incarnation is over for us: a frame for it would have been missing. A hint for failure detectors. It is told when it comes. */
  onPeerGivenUp?(address: Address, reason: GivenUpReason): void
  /** We are over for that peer: it has given us up. */
  onGivenUp?(address: Address): void
  /** Lines on one subject are limited to 10 in 5 s. */
  onLog?: Log
  /** `classic`: we never keep a connection open of our own accord, `upgrade` is ignored; those of others are accepted all the same. Default: `kept`. */
  readonly connections?: 'kept' | 'classic'
}
