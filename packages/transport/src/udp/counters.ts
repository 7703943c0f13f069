import type { DisturbanceCounters } from '../disturbance'
import type { StrangerReason } from './acquaintance'
import type { MalformedReason } from './datagram'

/** Why a datagram was not sent. `send-failed`: the operating system refused it; `stranger`: the receiver and this process refuse each other. */
export type DropReason = 'queue-full' | 'send-failed' | 'closed' | 'stranger'

/**
 * Why a datagram that arrived was not delivered. `foreign`: no process of the system has this address; `not-decodable`: the codec threw;
 * `unattached`: no process runs over the endpoint yet; `no-greeting`: the greeting is invalid; `membership`: the sender knows other processes or
 * ranks; `incarnation`: it, or this process, has come back under the name of one that crashed.
 */
export type RefusalReason = MalformedReason | StrangerReason | 'too-long' | 'foreign' | 'not-decodable' | 'unattached'

/** All counts are since `listen`; `queue` is current. */
export interface UdpCounters {
  readonly datagrams: {
    /** Passed to the process. */
    in: number
    /** Passed to the operating system, which may lose them. */
    out: number
    /** Dropped because the greeting of their sender had not arrived. */
    early: number
    readonly dropped: Record<DropReason, number>
    readonly refused: Record<RefusalReason, number>
  }
  /** Datagrams without a message: greetings alone, and answers to them. */
  readonly greetings: { in: number; out: number }
  /** Of whole datagrams, including greetings and those refused. */
  readonly bytes: { in: number; out: number }
  /** How many datagrams the disturbance lost, duplicated and reordered. */
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
