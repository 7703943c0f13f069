import type { DisturbanceCounters } from '../disturbance'
import type { StrangerReason } from './acquaintance'
import type { MalformedReason } from './datagram'

/** Why a datagram was not sent. `send-failed`: the system did not take it; `stranger`: its receiver and we must not talk to each other. */
export type DropReason = 'queue-full' | 'send-failed' | 'closed' | 'stranger'

/**
 * Why a datagram that arrived was not delivered. `foreign`: from where no process of the system is; `not-decodable`: the codec threw;
 * `unattached`: no process runs over the endpoint yet; `no-greeting`: its sender greets with something else; `membership`: it knows other
 * processes or ranks; `incarnation`: it, or this process, has come back under the name of one that crashed.
 */
export type RefusalReason = MalformedReason | StrangerReason | 'too-long' | 'foreign' | 'not-decodable' | 'unattached'

/** All counts are since `listen`; the queue is of now. */
export interface UdpCounters {
  readonly datagrams: {
    /** Handed to the process. */
    in: number
    /** Handed to the system, which may lose them. */
    out: number
    /** Lost because their sender had not been heard to greet. */
    early: number
    readonly dropped: Record<DropReason, number>
    readonly refused: Record<RefusalReason, number>
  }
  /** Datagrams without a message: who is there, and knows whom. */
  readonly greetings: { in: number; out: number }
  /** Of whole datagrams, those refused and greetings included. */
  readonly bytes: { in: number; out: number }
  /** What the disturbance did. */
  readonly disturbed: DisturbanceCounters
  /** `onLog` threw. */
  handlerErrors: number
  /** The socket failed; it goes on if it can. */
  socketErrors: number
  readonly queue: { datagrams: number; bytes: number }
}

export function newCounters(): UdpCounters {
  return {
    datagrams: {
      in: 0,
      out: 0,
      early: 0,
      dropped: { 'queue-full': 0, 'send-failed': 0, closed: 0, stranger: 0 },
      refused: {
        'too-short': 0,
        'not-ours': 0,
        'bad-greeting': 0,
        'bad-path': 0,
        'too-long': 0,
        foreign: 0,
        'no-greeting': 0,
        membership: 0,
        incarnation: 0,
        'not-decodable': 0,
        unattached: 0,
      },
    },
    greetings: { in: 0, out: 0 },
    bytes: { in: 0, out: 0 },
    disturbed: { lost: 0, duplicated: 0, overtaken: 0 },
    handlerErrors: 0,
    socketErrors: 0,
    queue: { datagrams: 0, bytes: 0 },
  }
}
