/** Why `send` dropped a frame, or why a frame left its queue unsent. */
export type DropReason = 'given-up' | 'too-long' | 'empty' | 'bad-address' | 'too-many-peers' | 'forgotten' | 'closed' | 'connection-lost'

/** What was wrong with incoming bytes. `cut-*`: the stream ended there; `reset-in-frame`: the connection was reset; `deadline`: a frame took too long. */
export type MalformedReason = 'empty' | 'too-long' | 'cut-header' | 'cut-body' | 'reset-in-frame' | 'deadline' | 'bad-hello'

/** All counts are since `listen`; `queues` and `open` are current. */
export interface EndpointCounters {
  readonly frames: {
    /** Passed to `onFrame`. */
    in: number
    /** Accepted by `send`. */
    queued: number
    /** Written to a classic connection, or acknowledged on a kept one. */
    out: number
    readonly dropped: Record<DropReason, number>
  }
  /** All bytes through the sockets, including frame headers and bytes sent again. */
  readonly bytes: { in: number; out: number }
  readonly connections: {
    accepted: number
    /** Incoming, currently. */
    open: number
    /** Incoming connections closed to make room, or because they were idle. */
    evicted: number
    idle: number
    opened: number
    refused: number
    timedOut: number
    /** Attempts that failed for other reasons: unreachable, unresolvable, out of descriptors or ports. */
    failed: number
    /** Established connections of both directions that the other side reset. */
    reset: number
    /** `accept` failed, for example because there was no file descriptor left. */
    acceptFailed: number
    /** Kept connections that we closed because nothing was acknowledged for too long. */
    stalled: number
    /** Kept connections that we refused, and those that a peer refused: see `EndpointOptions.onHello`; or one has given up the other. */
    refusedHere: number
    refusedByPeer: number
    /** Peers that stay on one connection per frame although `upgrade` was called, because there are as many kept connections as allowed. */
    fallbacks: number
  }
  /** Peers that we have given up, and peers that have given us up. */
  readonly givenUp: { byUs: number; byPeer: number }
  readonly malformed: Record<MalformedReason, number>
  /** How often `onFrame` or another callback threw. */
  handlerErrors: number
  readonly queues: { peers: number; frames: number; bytes: number }
}

export function newCounters(): EndpointCounters {
  return {
    frames: {
      in: 0,
      queued: 0,
      out: 0,
      dropped: {
        'given-up': 0,
        'too-long': 0,
        empty: 0,
        'bad-address': 0,
        'too-many-peers': 0,
        forgotten: 0,
        closed: 0,
        'connection-lost': 0,
      },
    },
    bytes: { in: 0, out: 0 },
    connections: {
      accepted: 0,
      open: 0,
      evicted: 0,
      idle: 0,
      opened: 0,
      refused: 0,
      timedOut: 0,
      failed: 0,
      reset: 0,
      acceptFailed: 0,
      stalled: 0,
      refusedHere: 0,
      refusedByPeer: 0,
      fallbacks: 0,
    },
    givenUp: { byUs: 0, byPeer: 0 },
    malformed: { empty: 0, 'too-long': 0, 'cut-header': 0, 'cut-body': 0, 'reset-in-frame': 0, deadline: 0, 'bad-hello': 0 },
    handlerErrors: 0,
    queues: { peers: 0, frames: 0, bytes: 0 },
  }
}
