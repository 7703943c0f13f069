import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { isIP } from 'node:net'
import { FairLossPointToPointLinks, type ProcessId, type Transport } from '@upon/contract'
import { type Disturbance, Disturber } from '../fair-loss/disturbance'
import { type Address, formatAddress } from '../net/address'
import { ListenError } from '../net/listen-error'
import { type Log, limitLog } from '../net/log-limit'
import { type Codec, plainData } from '../net/plain-data'
import { guard } from '../net/uncaught'
import { type DropReason, newCounters, type RefusalReason, type UdpCounters } from './counters'
import { completeLimits, type UdpLimits } from './limits'
import { Members } from './members'
import { type Outgoing, type Refusal, type Understood, Wire } from './wire'

export interface UdpEndpointOptions {
  /** An IP address of this machine, or a wildcard. */
  readonly host: string
  /** 0 lets the system choose; see `UdpEndpoint.address`. */
  readonly port: number
  readonly limits?: Partial<UdpLimits>
  /** What befalls datagrams on their way out, for tests: a machine loses none to itself, unless it is flooded. */
  readonly disturbance?: Disturbance
  /** Lines on one subject are limited to 10 in 5 s. */
  onLog?: Log
}

/** Who runs over an endpoint, and with whom. */
export interface Membership {
  /** Where each process of the system sends from and is reached. What comes from elsewhere is refused; addresses are not proved. */
  readonly addresses: Iterable<readonly [ProcessId, Address]>
  /** `plainData` unless told. */
  readonly codec?: Codec
}

const UNATTACHED: Refusal = { refused: 'unattached', details: {} }

type Receive = (from: ProcessId, path: string, message: unknown) => void

/** One UDP socket, and the fair-loss links of one process over it (Module 2.1, page 34). */
export class UdpEndpoint {
  readonly #options: UdpEndpointOptions
  readonly #limits: UdpLimits
  readonly #counters = newCounters()
  readonly #say: Log
  readonly #socket: Socket
  readonly #version: 4 | 6
  readonly #disturber: Disturber<Outgoing>
  #address: Address
  #hasProcess = false
  /** Of the process that is attached. */
  #wire: Wire | undefined
  #receive: Receive = () => {}
  #closing: Promise<void> | undefined

  /**
   * Resolves when datagrams can come in. Rejects with `ListenError` when the address cannot be had, `TypeError` for a host that is no IP
   * address, `RangeError` for a port, limits or a disturbance that make no sense.
   */
  static async listen(options: UdpEndpointOptions): Promise<UdpEndpoint> {
    const endpoint = new UdpEndpoint(options)
    await endpoint.#bind()
    return endpoint
  }

  private constructor(options: UdpEndpointOptions) {
    const version = isIP(options.host)
    if (version !== 4 && version !== 6) throw new TypeError(`host ${options.host}: expected an IP address; names are not looked up`)
    const { port } = options
    if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) throw new RangeError(`port: expected 0 to 65535, found ${port}`)
    this.#version = version
    this.#options = options
    this.#limits = completeLimits(options.limits)
    this.#address = { host: options.host, port: options.port }
    this.#say = limitLog((level, message, details) => this.#guard(() => options.onLog?.(level, message, details)))
    this.#disturber = new Disturber(options.disturbance, (datagram) => this.#write(datagram))
    this.#socket = createSocket({
      type: version === 4 ? 'udp4' : 'udp6',
      ipv6Only: version === 6,
      recvBufferSize: this.#limits.receiveBufferBytes,
      lookup: (host, _options, callback) => callback(null, host, version), // there are no names to look up
    })
  }

  #bind(): Promise<void> {
    const { host, port } = this.#options
    const socket = this.#socket
    return new Promise((resolve, reject) => {
      const refuse = (error: NodeJS.ErrnoException) => {
        socket.close()
        reject(new ListenError(error.code, this.#address, error))
      }
      socket.once('error', refuse)
      socket.bind({ address: host, port, exclusive: true }, () => {
        socket.off('error', refuse)
        socket.on('error', (error: NodeJS.ErrnoException) => {
          this.#counters.socketErrors++
          this.#say('warn', 'the socket failed', { code: error.code, cause: error.message })
        })
        socket.on('message', (bytes, from) => this.#take(bytes, from))
        this.#address = { host, port: socket.address().port }
        resolve()
      })
    })
  }

  /** The host as given, and the port in use. */
  get address(): Address {
    return this.#address
  }

  /** A snapshot. */
  get counters(): UdpCounters {
    const queue =
      this.#closing === undefined
        ? { datagrams: this.#socket.getSendQueueCount(), bytes: this.#socket.getSendQueueSize() }
        : { datagrams: 0, bytes: 0 }
    return { ...structuredClone(this.#counters), disturbed: { ...this.#disturber.counters }, queue }
  }

  /**
   * The links of the process that runs over this endpoint: supply them to it. Messages are lost, repeated or overtaken as the network and
   * the systems do it. What can never arrive is no fair loss, and crashes its sender: `send` throws `RangeError` for a datagram beyond
   * `limits.datagramBytes`, `TypeError` for a process without an address, and what the codec throws.
   * Throws `TypeError` for addresses that cannot be, `Error` when there is a process already: one socket a process.
   */
  transport({ addresses, codec = plainData }: Membership): Transport<FairLossPointToPointLinks> {
    if (this.#hasProcess) throw new Error(`${formatAddress(this.#address)}: a process runs over this endpoint already`)
    const wire = new Wire(new Members(addresses, this.#version), codec, this.#limits.datagramBytes)
    this.#hasProcess = true
    return {
      sort: 'transport',
      guarantees: FairLossPointToPointLinks,
      send: (to, path, message) => this.#disturber.take(wire.encode(to, path, message)),
      attach: (receive) => {
        this.#wire = wire
        this.#receive = receive
      },
    }
  }

  /** Closes the socket. What was not sent yet is lost. Every call returns the same promise. */
  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => this.#socket.close(() => resolve()))
    return this.#closing
  }

  #write({ bytes, to }: Outgoing): void {
    const refuse = (reason: DropReason, details?: object) => this.#drop(reason, { to: formatAddress(to), ...details })
    const queuedBytes = this.#closing === undefined ? this.#socket.getSendQueueSize() : 0
    if (this.#closing !== undefined) refuse('closed')
    else if (queuedBytes + bytes.length > this.#limits.queueBytes) refuse('queue-full', { queuedBytes })
    else {
      this.#socket.send(bytes, to.port, to.host, (error: NodeJS.ErrnoException | null) => {
        if (error !== null) refuse(this.#closing === undefined ? 'send-failed' : 'closed', { code: error.code, cause: error.message })
        else {
          this.#counters.datagrams.out++
          this.#counters.bytes.out += bytes.length
        }
      })
    }
  }

  #take(bytes: Uint8Array, { address, port }: RemoteInfo): void {
    this.#counters.bytes.in += bytes.length
    const understood: Understood | Refusal = this.#wire?.decode(bytes, address, port) ?? UNATTACHED
    if ('refused' in understood)
      this.#refuse(understood.refused, { remoteAddress: address, remotePort: port, bytes: bytes.length, ...understood.details })
    else this.#deliver(understood)
  }

  #deliver({ from, path, message }: Understood): void {
    this.#counters.datagrams.in++
    guard(() => this.#receive(from, path, message))
  }

  #drop(reason: DropReason, details: object): void {
    this.#counters.datagrams.dropped[reason]++
    this.#say('warn', 'datagram dropped', { reason, ...details })
  }

  #refuse(reason: RefusalReason, details: object): void {
    this.#counters.datagrams.refused[reason]++
    this.#say('warn', 'datagram refused', { reason, ...details })
  }

  #guard(callback: () => void): void {
    try {
      callback()
    } catch {
      this.#counters.handlerErrors++
    }
  }
}
