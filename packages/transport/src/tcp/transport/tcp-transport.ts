import type { Attached, PerfectPointToPointLinks, Pressure, ProcessId, Transport } from '@upon/contract'
import type { Codec } from '../../codec/plain-data'
import type { Log } from '../../limited-log'
import type { EndpointCounters } from '../counters'
import type { TcpTransportLimits } from './transport-limits'

export interface TcpTransportOptions {
  readonly self: ProcessId
  /** Where each process of the system listens, including this one: `{ p: '127.0.0.1:5000', q: 'example:5000', r: '[::1]:5000' }`. */
  readonly peers: Readonly<Record<ProcessId, string>>
  /** The address of this machine to listen on; by default the one in `peers`. In a container, for example, `0.0.0.0`. */
  readonly host?: string
  /** By default `plainData`. All processes of a system need the same codec. */
  readonly codec?: Codec
  readonly limits?: Partial<TcpTransportLimits>
  /** At most 10 lines of one kind in 5 s, then how many were left out. */
  readonly onLog?: Log
}

/**
 * Why a frame that arrived was not delivered. `no-greeting`: its sender has not sent a greeting; `unknown-sender`: the sender in the frame is not
 * the one of the connection; `no-envelope`: it is not an envelope of this transport; `not-decodable`: the codec threw; `membership`: the sender
 * knows other processes or ranks.
 */
export type RefusalReason = 'no-greeting' | 'unknown-sender' | 'no-envelope' | 'not-decodable' | 'membership'

export interface TcpTransportCounters extends EndpointCounters {
  readonly refused: Readonly<Record<RefusalReason, number>>
}

/**
 * Perfect links of one process over TCP (Module 2.3, page 37), on connections that are kept open and resumed: every message arrives once,
 * in the order of sending, while both processes run. 1 step, 1 message.
 *
 * A process that does not read what is sent to it until its queue is full (`limits`) is given up, as if it had crashed: see `givenUp`.
 *
 * Before anything else, processes exchange what they know of the system. Those that differ in names, ranks or limits refuse each other, and
 * both log the difference. The sender of a message is not verified: use this transport among processes that trust each other. A process that
 * has crashed and comes back under its name is refused, because it has forgotten what it promised, and algorithms without recovery do not
 * survive that.
 */
export interface TcpTransport extends Transport<PerfectPointToPointLinks> {
  /** A snapshot. */
  readonly counters: TcpTransportCounters
  /** Whether the application should wait: from half of the limits of a queue on. Faces that are awaited wait by themselves. */
  readonly pressure: Pressure
  /** The processes that were given up. Messages to them are dropped and counted (`counters.frames.dropped['given-up']`). */
  readonly givenUp: readonly ProcessId[]
  /**
   * Queues a message; never blocks. Throws, and so crashes the process, for an error of the program: `TypeError` for a message that
   * the codec cannot encode or a process not in `peers`, `RangeError` for a message beyond `limits.frameBytes`. Throws `Error` once another
   * process has given this one up, because there it counts as crashed.
   */
  send(to: ProcessId, path: string, message: unknown): void
  /** By default the process knows those in `peers`, with ranks in the order of their names. */
  attach(receive: (from: ProcessId, path: string, message: unknown) => void, process?: Attached): void
  /** Accepts nothing more, gives queued messages up to 1 s to leave, and closes all connections. Every call returns the same promise. */
  close(): Promise<void>
}
