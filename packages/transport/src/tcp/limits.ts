import { readFileSync } from 'node:fs'
import { DEFAULT_FRAME_LIMIT_BYTES } from '../framing'

/**
 * What an endpoint will hold at most. So its memory is bounded: outgoing by twice `totalQueueBytes + peers * 64 KiB`,
 * incoming by `connections * (2 * frameBytes + 64 KiB)`. With the defaults that is 1 GiB out and 2 GiB in, if every one of 4,096 peers is jammed
 * and every one of 1,024 connections has sent all but the last byte of a frame of 1 MiB; an honest run takes a few MiB.
 */
export interface EndpointLimits {
  /** Longest frame body sent or accepted, at most 0x7FFFFFFF. 1 MiB. */
  readonly frameBytes: number
  /** Incoming connections at a time, and peers that we keep a connection to. 1,024, but at most half of the process's open-file limit where `/proc` tells it. */
  readonly connections: number
  /** How long a frame may take once begun, how long the first may keep one waiting, and how long a classic connection may be idle. 10 s. */
  readonly frameDeadlineMs: number
  /** Frames queued for one peer, those not yet acknowledged included. 200,000. */
  readonly queueFrames: number
  /** Bytes queued for one peer, four of header a frame included. 64 MiB. */
  readonly queueBytes: number
  /** Bytes queued for all peers together; each may have 64 KiB beyond it, so that the jammed ones do not silence the others. 256 MiB. */
  readonly totalQueueBytes: number
  /** Peers that we send to. When there are more, one with nothing queued, and no kept connection, is forgotten. 4,096. */
  readonly peers: number
  /** Sending sessions of others that are remembered while they are not connected so as to resume them, of peers and of strangers each; the oldest go first. 4,096. */
  readonly sessions: number
  /** 1.2 s: once the system has sent its second request. */
  readonly connectTimeoutMs: number
  /** How long a peer may take to answer the preamble of a kept connection. 2 s. */
  readonly answerTimeoutMs: number
  /** How long nothing may be acknowledged on a kept connection, while something is to be, until it is made anew: from once to twice as long. 1 s. */
  readonly stallMs: number
  /** Time from the first attempt to connect to the second; it doubles from there. The first attempt after a loss is made at once. 1 ms. */
  readonly retryMinMs: number
  /** Longest time from one attempt to the next; with it, the longest until a link works again whose network does. 2 s. */
  readonly retryMaxMs: number
  /** Time between attempts with a peer that refuses our kept connections, as long as it does not come to us. 10 s. */
  readonly refusedRetryMs: number
  /** How long a queue that is half full holds the application back (`TcpEndpoint.pressure`) while nothing of it gets through. 3 s. */
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

/** There are more peers to keep a connection with than connections: they would push each other out for ever. */
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

/** Fills in the defaults. Throws `RangeError` for a limit that is not a positive number, or a frame limit that does not fit the header. */
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
