import type { Attached, ProcessId } from '@upon/contract'
import type { Address } from '../address'
import { checkPayload, payloadBytes, roomBytes } from '../codec/payload'
import type { Codec } from '../codec/plain-data'
import { describeMembership } from '../membership'
import { Acquaintance } from './acquaintance'
import type { RefusalReason } from './counters'
import { decodeDatagram, encodeBare, encodeMessage, HEADER_BYTES, type Header } from './datagram'
import type { UdpLimits } from './limits'
import type { Members } from './members'

/** A datagram to be sent. */
export interface Outgoing {
  readonly bytes: Uint8Array
  readonly to: Address
  readonly hasMessage: boolean
}

/** The content of a datagram and its sender. Without a path it is a greeting, or has arrived before one. */
export interface Understood {
  readonly from: ProcessId
  readonly outcome: 'message' | 'greeting' | 'early'
  readonly path: string
  readonly message: unknown
  /** To be sent back at once. */
  readonly answer?: Outgoing | undefined
}

/** Why a datagram is not delivered, with details for the log. */
export interface Refusal {
  readonly refused: RefusalReason
  readonly details: object
  readonly answer?: Outgoing | undefined
}

/** The check of a value assumes paths of at most this length. */
const PATH_BYTES = 256
const NO_GREETING = new Uint8Array(0)

/** Encodes messages as datagrams, and decodes them, for one process of a system. */
export class Wire {
  readonly #members: Members
  readonly #codec: Codec
  readonly #limitBytes: number
  readonly #payloadBytes: number
  readonly #acquaintances: ReadonlyMap<ProcessId, Acquaintance>

  /** Throws `TypeError` if processes and addresses differ, `RangeError` if datagrams are too short for a greeting or for any value. */
  constructor(members: Members, codec: Codec, limits: UdpLimits, process: Attached, recovers: boolean) {
    members.compare(process)
    const { datagramBytes } = limits
    const room = datagramBytes - HEADER_BYTES - PATH_BYTES
    const longest = limits.payloadBytes ?? payloadBytes(room, process.processes)
    if (longest <= 0 || longest + roomBytes(process.processes.slice(0, 1)) > room)
      throw new RangeError(`limits.datagramBytes: ${datagramBytes} have no room for values of ${longest} bytes; set limits.payloadBytes`)
    this.#members = members
    this.#codec = codec
    this.#limitBytes = datagramBytes
    this.#payloadBytes = longest
    const mine = describeMembership(process, undefined, { datagramBytes, payloadBytes: longest })
    this.#acquaintances = new Map(process.processes.map((p) => [p, new Acquaintance(p, mine, recovers)]))
  }

  check(value: unknown): void {
    checkPayload(this.#codec, value, this.#payloadBytes)
  }

  /**
   * What to send, or why nothing is sent. Throws `TypeError` for a process that does not belong to the system, `RangeError` for a datagram or a
   * path that is too long, and the errors of the codec.
   */
  encode(p: ProcessId, path: string, message: unknown, nowMs: number): readonly Outgoing[] | string {
    const [to, acquaintance] = [this.#members.addressOf(p), this.#acquaintances.get(p)]
    if (to === undefined || acquaintance === undefined) throw new TypeError(`there is no process ${p} among the addresses`)
    const body = this.#codec.encode(message)
    const header = acquaintance.header(nowMs)
    if (typeof header === 'string') return header
    const bytes = encodeMessage(header, path, body)
    if (bytes.length <= this.#limitBytes) return [{ bytes, to, hasMessage: true }]
    const alone = encodeMessage({ ...header, greeting: NO_GREETING }, path, body)
    if (alone.length > this.#limitBytes)
      throw new RangeError(`a datagram of ${alone.length} bytes is too long: expected at most ${this.#limitBytes} (limits.datagramBytes)`)
    return [this.#bare(header, to), { bytes: alone, to, hasMessage: true }]
  }

  #bare(header: Header, to: Address): Outgoing {
    return { bytes: encodeBare(header), to, hasMessage: false }
  }

  /** Never throws. */
  decode(bytes: Uint8Array, host: string, port: number, nowMs: number): Understood | Refusal {
    const from = this.#members.at(host, port)
    const acquaintance = from === undefined ? undefined : this.#acquaintances.get(from)
    if (from === undefined || acquaintance === undefined) return { refused: 'foreign', details: {} }
    if (bytes.length > this.#limitBytes) return { refused: 'too-long', details: { from, limitBytes: this.#limitBytes } }
    const datagram = decodeDatagram(bytes)
    if (typeof datagram === 'string') return { refused: datagram, details: { from } }
    const { outcome, why, answer: answers } = acquaintance.judge(datagram, nowMs)
    const answer = answers ? this.#bare(acquaintance.answer, this.#members.addressOf(from) as Address) : undefined
    if (outcome === 'early') return { from, outcome, path: '', message: undefined, answer }
    if (outcome !== 'take') return { refused: outcome, details: { from, why }, answer }
    const { path, body } = datagram
    if (path === '') return { from, outcome: 'greeting', path, message: undefined, answer }
    try {
      return { from, outcome: 'message', path, message: this.#codec.decode(body), answer }
    } catch (error) {
      return { refused: 'not-decodable', details: { from, path, error }, answer }
    }
  }
}
