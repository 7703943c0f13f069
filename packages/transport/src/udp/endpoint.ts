import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { isIP, SocketAddress } from 'node:net'
import { FairLossPointToPointLinks, type ProcessId, type Transport } from '@upon/contract'
import { type Address, formatAddress } from '../address'
import { plainData } from '../codec/plain-data'
import { Disturber } from '../disturbance'
import { LimitedLog } from '../limited-log'
import { ListenError } from '../listen-error'
import { guard } from '../uncaught'
import { type DropReason, newCounters, type RefusalReason, type UdpCounters } from './counters'
import type { Membership, UdpEndpointOptions } from './endpoint-options'
import { completeLimits, type UdpLimits } from './limits'
import { type IpVersion, Members } from './members'
import { type Outgoing, type Refusal, type Understood, Wire } from './wire'

const UNATTACHED: Refusal = { refused: 'unattached', details: {} }

type Receive = (from: ProcessId, path: string, message: unknown) => void

/** One UDP socket, and the fair-loss links of one process over it (Module 2.1, page 34). */
export class UdpEndpoint {
  readonly #options: UdpEndpointOptions
  readonly #limits: UdpLimits
  readonly #counters = newCounters()
  readonly #log: LimitedLog
  readonly #socket: Socket
  readonly #version: IpVersion
  readonly #disturber: Disturber<Outgoing>
  #address: Address
  #hasProcess = false
  /** Of the process that is attached. */
  #wire: Wire | undefined
  #receive: Receive = () => {}
  #closing: Promise<void> | undefined

  /**
   * Resolves when datagrams can come in. Rejects with `ListenError` if it cannot listen on the address, with `TypeError` for a host that is not an
   * IP address, with `RangeError` for an invalid port, limit or disturbance.
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
    this.#version = version === 4 ? '4' : isEverywhere(options.host) ? '6 and 4' : '6'
    this.#options = options
    this.#limits = completeLimits(options.limits)
    this.#address = { host: options.host, port: options.port }
    this.#log = new LimitedLog((level, message, details) => options.onLog?.(level, message, details))
    this.#disturber = new Disturber(options.disturbance, (datagram) => this.#write(datagram))
    this.#socket = createSocket({
      type: version === 4 ? 'udp4' : 'udp6',
      ipv6Only: this.#version === '6',
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
          this.#log.say('warn', 'the socket failed', { code: error.code, cause: error.message })
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
    return { ...structuredClone(this.#counters), handlerErrors: this.#log.failures, disturbed: { ...this.#disturber.counters }, queue }
  }

  /**
   * The links of the process over this endpoint: supply them to it. The network and the operating systems may lose, duplicate and reorder
   * messages. A message that can never arrive is not a fair loss, and crashes its sender: `send` throws `RangeError` for a datagram beyond
   * `limits.datagramBytes`, `TypeError` for a process without an address, and the errors of the codec. Processes that differ in names or ranks
   * refuse each other; both log and count it.
   * Throws `TypeError` for invalid addresses, `Error` if there is a process already: each process needs its own socket.
   */
  transport({ addresses, codec = plainData, recovers = false }: Membership): Transport<FairLossPointToPointLinks> {
    if (this.#hasProcess) throw new Error(`${formatAddress(this.#address)}: a process runs over this endpoint already`)
    const members = new Members(addresses, this.#version)
    this.#hasProcess = true
    return {
      sort: 'transport',
      guarantees: FairLossPointToPointLinks,
      send: (to, path, message) => this.#send(to, path, message),
      check: (value) => this.#attached().check(value),
      attach: (receive, process) => {
        if (this.#wire !== undefined) throw new Error(`${formatAddress(this.#address)}: a process runs over this endpoint already`)
        if (process === undefined) throw new TypeError('attach: expected the process, { self, processes }, as its second argument')
        this.#wire = new Wire(members, codec, this.#limits, process, recovers)
        this.#receive = receive
      },
    }
  }

  #attached(): Wire {
    if (this.#wire === undefined) throw new Error(`${formatAddress(this.#address)}: no process runs over this endpoint yet`)
    return this.#wire
  }

  #send(to: ProcessId, path: string, message: unknown): void {
    const datagrams = this.#attached().encode(to, path, message, performance.now())
    if (typeof datagrams === 'string') this.#drop('stranger', { to, why: datagrams })
    else for (const each of datagrams) this.#disturber.take(each)
  }

  /** Closes the socket. What is not sent yet is lost. Every call returns the same promise. */
  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) =>
      this.#socket.close(() => {
        this.#log.close()
        resolve()
      }),
    )
    return this.#closing
  }

  #write({ bytes, to, hasMessage }: Outgoing): void {
    const refuse = (reason: DropReason, details?: object) => this.#drop(reason, { to: formatAddress(to), ...details })
    const queuedBytes = this.#closing === undefined ? this.#socket.getSendQueueSize() : 0
    if (this.#closing !== undefined) refuse('closed')
    else if (queuedBytes + bytes.length > this.#limits.queueBytes) refuse('queue-full', { queuedBytes })
    else {
      this.#socket.send(bytes, to.port, to.host, (error: NodeJS.ErrnoException | null) => {
        if (error !== null) refuse(this.#closing === undefined ? 'send-failed' : 'closed', { code: error.code, cause: error.message })
        else {
          if (hasMessage) this.#counters.datagrams.out++
          else this.#counters.greetings.out++
          this.#counters.bytes.out += bytes.length
        }
      })
    }
  }

  #take(bytes: Uint8Array, { address, port }: RemoteInfo): void {
    this.#counters.bytes.in += bytes.length
    const understood: Understood | Refusal = this.#wire?.decode(bytes, address, port, performance.now()) ?? UNATTACHED
    if (understood.answer !== undefined) this.#disturber.take(understood.answer)
    if ('refused' in understood)
      this.#refuse(understood.refused, { remoteAddress: address, remotePort: port, bytes: bytes.length, ...understood.details })
    else if (understood.outcome === 'message') this.#deliver(understood)
    else if (understood.outcome === 'early') this.#counters.datagrams.early++
    else this.#counters.greetings.in++
  }

  #deliver({ from, path, message }: Understood): void {
    this.#counters.datagrams.in++
    guard(() => this.#receive(from, path, message))
  }

  #drop(reason: DropReason, details: object): void {
    this.#counters.datagrams.dropped[reason]++
    this.#log.say('warn', 'datagram dropped', { reason, ...details })
  }

  #refuse(reason: RefusalReason, details: object): void {
    this.#counters.datagrams.refused[reason]++
    this.#log.say('warn', 'datagram refused', { reason, ...details })
  }
}

/** Whether it is the IPv6 wildcard: IPv4 comes in there, too. */
const isEverywhere = (host: string) => new SocketAddress({ address: host, family: 'ipv6' }).address === '::'
