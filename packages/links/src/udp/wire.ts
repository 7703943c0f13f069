import type { ProcessId } from '@upon/contract'
import type { Address } from '../net/address'
import type { Codec } from '../net/plain-data'
import type { RefusalReason } from './counters'
import { decodeDatagram, encodeDatagram } from './datagram'
import type { Members } from './members'

/** A datagram to be sent. */
export interface Outgoing {
  readonly bytes: Uint8Array
  readonly to: Address
}

/** What a datagram says, and who by. */
export interface Understood {
  readonly from: ProcessId
  readonly path: string
  readonly message: unknown
}

/** Why something is not delivered; with what there is to say about it. */
export interface Refusal {
  readonly refused: RefusalReason
  readonly details: object
}

/** From messages to datagrams and back, for the processes of one system. */
export class Wire {
  constructor(
    readonly members: Members,
    readonly codec: Codec,
    readonly limitBytes: number,
  ) {}

  /** Throws `TypeError` for a process that is none of the system's, `RangeError` for a datagram or a path that is too long, and what the codec throws. */
  encode(p: ProcessId, path: string, message: unknown): Outgoing {
    const to = this.members.addressOf(p)
    if (to === undefined) throw new TypeError(`there is no process ${p} among the addresses`)
    const bytes = encodeDatagram(path, this.codec.encode(message))
    if (bytes.length > this.limitBytes)
      throw new RangeError(`a datagram of ${bytes.length} bytes is too long: expected at most ${this.limitBytes} (limits.datagramBytes)`)
    return { bytes, to }
  }

  /** Never throws. */
  decode(bytes: Uint8Array, host: string, port: number): Understood | Refusal {
    const from = this.members.at(host, port)
    if (from === undefined) return { refused: 'foreign', details: {} }
    const { limitBytes } = this
    if (bytes.length > limitBytes) return { refused: 'too-long', details: { from, limitBytes } }
    const datagram = decodeDatagram(bytes)
    if (typeof datagram === 'string') return { refused: datagram, details: { from } }
    const { path, body } = datagram
    try {
      return { from, path, message: this.codec.decode(body) }
    } catch (error) {
      return { refused: 'not-decodable', details: { from, path, error } }
    }
  }
}
