import type { ProcessId } from '@upon/contract'
import { type Address, formatAddress } from '../net/address'
import type { Codec } from './codec'
import type { DropReason, RefusalReason } from './counters'
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

/** Why something is not sent, or not delivered; with what there is to say about it. */
export interface Problem<Reason> {
  readonly problem: Reason
  readonly details: object
}

/** From messages to datagrams and back, for the processes of one system. Everything wrong comes back as a problem; nothing throws. */
export class Wire {
  constructor(
    readonly members: Members,
    readonly codec: Codec,
    readonly limitBytes: number,
  ) {}

  encode(p: ProcessId, path: string, message: unknown): Outgoing | Problem<DropReason> {
    const to = this.members.addressOf(p)
    if (to === undefined) return { problem: 'unknown-process', details: { process: p, path } }
    try {
      const bytes = encodeDatagram(path, this.codec.encode(message))
      const { limitBytes } = this
      if (bytes.length <= limitBytes) return { bytes, to }
      return { problem: 'too-long', details: { to: formatAddress(to), path, bytes: bytes.length, limitBytes } }
    } catch (error) {
      return { problem: 'not-encodable', details: { to: formatAddress(to), path, error } }
    }
  }

  decode(bytes: Uint8Array, host: string, port: number): Understood | Problem<RefusalReason> {
    const from = this.members.at(host, port)
    if (from === undefined) return { problem: 'foreign', details: {} }
    const { limitBytes } = this
    if (bytes.length > limitBytes) return { problem: 'too-long', details: { from, limitBytes } }
    const datagram = decodeDatagram(bytes)
    if (typeof datagram === 'string') return { problem: datagram, details: { from } }
    const { path, body } = datagram
    try {
      return { from, path, message: this.codec.decode(body) }
    } catch (error) {
      return { problem: 'not-decodable', details: { from, path, error } }
    }
  }
}
