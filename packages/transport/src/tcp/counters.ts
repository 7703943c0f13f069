/** Why `send` dropped a frame, or why one left the queue unsent. */
export type DropReason = 'given-up' | 'too-long' | 'empty' | 'bad-address' | 'too-many-peers' | 'forgotten' | 'closed' | 'connection-lost'

/** What was wrong with what arrived. `cut-*`: the stream ended there; `reset-in-frame`: it was reset; `deadline`: a frame took too long. */
export type MalformedReason = 'empty' | 'too-long' | 'cut-header' | 'cut-body' | 'reset-in-frame' | 'deadline' | 'bad-hello'

/** All counts are since `listen`; the queues, `open` and `peers` are of now. */
export interface EndpointCounters {
  readonly frames: {
    /** Handed to `onFrame`. */
    in: number
    /** Accepted by `send`. */
    queued: number
    /** Gone out: written to a classic connection, or acknowledged on a kept one. */
    out: number
    readonly dropped: Record<DropReason, number>
  }
  /** As they passed the sockets, frame headers and whatever was sent twice included. */
  readonly bytes: { in: number; out: number }
  readonly connections: {
    accepted: number
    /** Incoming, of now. */
    open: number
    /** Incoming ones closed to make room, or for idleness. */
    evicted: number
    idle: number
    opened: number
    refused: number
    timedOut: number
    /** Attempts that failed otherwise: unreachable, unresolvable, out of descriptors or ports. */
    failed: number
    /** Of both directions, by the other side, after they stood. */
    reset: number
    /** `accept` failed, e.g. for want of descriptors. */
    acceptFailed: number
    /** Kept ones closed by us because nothing was acknowledged for a while. */
    stalled: number
    /** Incoming kept ones that we refused, and outgoing ones that a peer refused: `EndpointOptions.onHello`, or a process that was given up. */
    refusedHere: number
    refusedByPeer: number
    /** Peers that stay on one connection a frame, though `upgrade` was called: there are no more slots for kept ones. */
    fallbacks: number
  }
  /** Peers whose incarnation is over for us, or ours for them. */
  readonly givenUp: { byUs: number; byPeer: number }
  readonly malformed: Record<MalformedReason, number>
  /** `onFrame` and the other callbacks threw. */
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
