import { createConnection, type LookupFunction, type Socket } from 'node:net'
import { type Address, formatAddress } from '../../address'
import type { Log } from '../../limited-log'
import type { EndpointCounters } from '../counters'
import type { EndpointLimits } from '../limits'
import type { FrameLog } from './frame-log'

/** What a sender needs to know of its endpoint and peer, and whom it tells. */
export interface SenderContext {
  readonly address: Address
  readonly log: FrameLog
  readonly limits: EndpointLimits
  readonly counters: EndpointCounters
  readonly say: Log
  readonly lookup: LookupFunction
  /** A connection was refused: nobody listens there. */
  refused(): void
  /** The peer has taken a connection. */
  answered(): void
  /** Frames left the log. */
  progressed(): void
  /** It is certain that none will for now. */
  halted(): void
}

/** One way of getting the frames of a log to its peer. */
export interface Sender {
  /** There are frames in the log that were not there before. */
  wake(): void
  /** Nothing is under way: all is sent, or the peer cannot be reached. */
  readonly settled: boolean
  /** No more frames will come from above: end connections once all is sent. */
  finish(): void
  /** Closes everything at once. */
  stop(): void
}

/** Opens a socket that never times out by itself, and is never bound to a local address (that makes short connections crawl). */
export function openSocket({ address, lookup }: SenderContext): Socket {
  return createConnection({ host: address.host, port: address.port, lookup })
}

/** Counts a connection attempt that failed, and tells of it: of the first (number 0) aloud. */
export function tellFailedAttempt(context: SenderContext, error: NodeJS.ErrnoException | 'timeout', attempt: number): void {
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

/** How long to wait for attempt number `attempt`, counted from 0, which is made at once, when the one before took `tookMs`. */
export function retryDelayMs(attempt: number, tookMs: number, { retryMinMs, retryMaxMs }: EndpointLimits): number {
  return attempt === 0 ? 0 : Math.max(0, Math.min(retryMaxMs, retryMinMs * 2 ** Math.min(attempt - 1, 20)) - tookMs)
}
