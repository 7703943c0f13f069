import { createConnection, type LookupFunction, type Socket } from 'node:net'
import { type Address, formatAddress } from '../../address'
import type { Log } from '../../limited-log'
import type { EndpointCounters } from '../counters'
import type { EndpointLimits } from '../limits'
import type { FrameLog } from './frame-log'

/** What a sender needs from its endpoint and peer, and the callbacks that it calls. */
export interface SenderContext {
  readonly address: Address
  readonly log: FrameLog
  readonly limits: EndpointLimits
  readonly counters: EndpointCounters
  readonly say: Log
  readonly lookup: LookupFunction
  /** A connection was refused: nobody listens there. */
  refused(): void
  /** The peer has accepted a connection. */
  answered(): void
  /** Frames left the log. */
  progressed(): void
  /** For now none can leave. */
  halted(): void
}

/** One way to send the frames of a log to its peer. */
export interface Sender {
  /** There are new frames in the log. */
  wake(): void
  /** Nothing is in transit: everything is sent, or the peer cannot be reached. */
  readonly settled: boolean
  /** No more frames will be queued: end connections once everything is sent. */
  finish(): void
  /** Closes everything at once. */
  stop(): void
}

/** Opens a socket without a time-out of its own. It is not bound to a local address, which would slow short connections down. */
export function openSocket({ address, lookup }: SenderContext): Socket {
  return createConnection({ host: address.host, port: address.port, lookup })
}

/** Counts and logs a failed attempt to connect, the first one (number 0) at a higher level. */
export function reportFailedAttempt(context: SenderContext, error: NodeJS.ErrnoException | 'timeout', attempt: number): void {
  const { counters, address, say } = context
  const peer = formatAddress(address)
  const level = attempt === 0 ? 'warn' : 'debug'
  if (error === 'timeout') {
    counters.connections.timedOut++
    say(attempt === 0 ? 'info' : 'debug', 'connecting timed out', { peer })
  } else if (error.code === 'ECONNREFUSED') {
    counters.connections.refused++
    context.refused()
  } else {
    counters.connections.failed++
    say(level, 'cannot connect', { peer, code: error.code, reason: error.message })
  }
  context.halted()
}

/** How long to wait before attempt number `attempt`, if the one before it took `tookMs`. Number 0 does not wait. */
export function retryDelayMs(attempt: number, tookMs: number, { retryMinMs, retryMaxMs }: EndpointLimits): number {
  return attempt === 0 ? 0 : Math.max(0, Math.min(retryMaxMs, retryMinMs * 2 ** Math.min(attempt - 1, 20)) - tookMs)
}
