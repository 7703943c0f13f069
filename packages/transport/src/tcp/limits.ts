import { readFileSync } from 'node:fs'
import { DEFAULT_FRAME_LIMIT_BYTES } from '../framing'

/**
 * What an endpoint holds at most. Its memory is bounded: outgoing by twice `totalQueueBytes + peers * 64 KiB`, incoming by
 * `connections * (2 * frameBytes + 64 KiB)`. With the defaults that is 1 GiB out and 2 GiB in, if all of 4,096 peers read nothing and each of
 * 1,024 connections has sent all but the last byte of a frame of 1 MiB; a normal run takes a few MiB.
 */
export interface EndpointLimits {
  /** Longest frame body sent or accepted, at most 0x7FFFFFFF. 1 MiB. */
  readonly frameBytes: number
  /** Incoming connections at a time, and peers to which a connection is kept. 1,024, but at most half of the open-file limit of the process, if `/proc` shows it. */
  readonly connections: number
  /** How long a frame may take from its first byte to its last, a new connection without its first frame, and a classic connection without another. 10 s. */
  readonly frameDeadlineMs: number
  /** Frames queued for one peer, including those not yet acknowledged. 200,000. */
  readonly queueFrames: number
  /** Bytes queued for one peer, including four header bytes per frame. 64 MiB. */
  readonly queueBytes: number
  /** Bytes queued for all peers together. Each peer may have 64 KiB beyond it, so that peers that read nothing do not block the others. 256 MiB. */
  readonly totalQueueBytes: number
  /** Peers to send to. With more, one with an empty queue and without a kept connection is forgotten. 4,096. */
  readonly peers: number
  /** How many sessions of other senders are kept while they are not connected, so that they can resume; for peers and for strangers each. The oldest go first. 4,096. */
  readonly sessions: number
  /** How long connecting may take. 1.2 s: enough for the second SYN of the operating system. */
  readonly connectTimeoutMs: number
  /** How long a peer may take to answer the preamble of a kept connection. 2 s. */
  readonly answerTimeoutMs: number
  /** If nothing of what waits is acknowledged on a kept connection for this long, and for at most twice this long, it is replaced by a new one. 1 s. */
  readonly stallMs: number
  /** Time from the first attempt to connect to the second; it doubles from there. The first attempt after a loss is immediate. 1 ms. */
  readonly retryMinMs: number
  /** The longest time from one attempt to the next, and so the longest time from the recovery of the network to that of a link. 2 s. */
  readonly retryMaxMs: number
  /** Time between attempts to connect to a peer that refuses our kept connections, unless it connects to us. 10 s. */
  readonly refusedRetryMs: number
  /** How long a queue that is half full holds the application back (`TcpEndpoint.pressure`) while the peer takes nothing of it. 3 s. */
  readonly patienceMs: number
  /** How long `close` may take to send what is queued. 1 s. */
  readonly closeTimeoutMs: number
}

export const DEFAULT_LIMITS: EndpointLimits = {
  frameBytes: DEFAULT_FRAME_LIMIT_BYTES,
  connections: 1_024,
  frameDeadlineMs: 10_000,
  queueFrames: 200_000,
  queueBytes: 64 * 1024 * 1024,
  totalQueueBytes: 256 * 1024 * 1024,
  peers: 4_096,
  sessions: 4_096,
  connectTimeoutMs: 1_200,
  answerTimeoutMs: 2_000,
  stallMs: 1_000,
  retryMinMs: 1,
  retryMaxMs: 2_000,
  refusedRetryMs: 10_000,
  patienceMs: 3_000,
  closeTimeoutMs: 1_000,
}

/** There are more peers than connections that may be kept: they would evict each other forever. */
export class TooManyPeersError extends RangeError {
  override readonly name = 'TooManyPeersError'

  constructor(
    readonly peers: number,
    readonly limit: number,
  ) {
    super(
      `expected at most ${limit} peers to keep a connection with (limits.connections; by default half of the open files allowed, see ulimit -n), found ${peers}`,
    )
  }
}

/** Fills in the defaults. Throws `RangeError` for a limit that is not a positive number, and for a frame limit that does not fit the header. */
export function completeLimits(given: Partial<EndpointLimits> = {}): EndpointLimits {
  const limits = { ...DEFAULT_LIMITS, connections: Math.min(DEFAULT_LIMITS.connections, Math.floor(openFileLimit() / 2)), ...given }
  for (const [name, value] of Object.entries(limits)) {
    if (!(value > 0)) throw new RangeError(`limits.${name}: expected a number above 0, found ${value}`)
  }
  if (limits.frameBytes > 0x7fffffff) throw new RangeError(`limits.frameBytes: expected at most 2147483647, found ${limits.frameBytes}`)
  return limits
}

function openFileLimit(): number {
  try {
    return Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1] ?? Number.POSITIVE_INFINITY)
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
