import { randomBytes } from 'node:crypto'
import type { Pressure } from '@upon/contract'
import { type Address, formatAddress } from '../address'
import { FRAME_HEADER_BYTES } from '../framing'
import { LimitedLog } from '../limited-log'
import { type DropReason, type EndpointCounters, newCounters } from './counters'
import type { EndpointOptions } from './endpoint-options'
import { cachedLookup } from './host-lookup'
import { type Introduction, PAYLOAD_LIMIT_BYTES } from './kept/preamble'
import { type Greeting, Reception, type Verdict } from './kept/reception'
import { Sessions } from './kept/sessions'
import { completeLimits, type EndpointLimits } from './limits'
import { Acceptor } from './receiving/acceptor'
import type { FrameOrigin } from './receiving/incoming'
import { Peers } from './sending/peers'
import { QueuePressure } from './sending/pressure'

/** One listening socket, and frames to any number of peers, each addressed by where it listens. */
export class TcpEndpoint {
  /** The incarnation of this endpoint: 16 random bytes in hexadecimal, which others see in its greetings. */
  readonly incarnation = randomBytes(16).toString('hex')
  readonly #options: EndpointOptions
  readonly #limits: EndpointLimits
  /** A longer frame would not even fit an empty queue: no peer is to blame for it. */
  readonly #longestBytes: number
  readonly #counters = newCounters()
  readonly #log: LimitedLog
  readonly #acceptor: Acceptor
  readonly #peers: Peers
  #address: Address
  readonly #pressure = new QueuePressure()
  #closing: Promise<void> | undefined
  #onProgress = (): void => {}

  /** Resolves when frames can come in. Rejects with `ListenError` if it cannot listen on the address, with `RangeError` for invalid limits. */
  static async listen(options: EndpointOptions): Promise<TcpEndpoint> {
    const endpoint = new TcpEndpoint(options)
    await endpoint.#listen()
    return endpoint
  }

  private constructor(options: EndpointOptions) {
    this.#options = options
    this.#limits = completeLimits(options.limits)
    const { frameBytes, queueBytes, totalQueueBytes } = this.#limits
    this.#longestBytes = Math.min(frameBytes, Math.min(queueBytes, totalQueueBytes) - FRAME_HEADER_BYTES)
    this.#address = { host: options.host, port: options.port }
    this.#log = new LimitedLog((level, message, details) => options.onLog?.(level, message, details))
    const payload = () => this.#hello()
    const introduction: Introduction = {
      incarnation: this.incarnation,
      get payload() {
        return payload()
      },
    }
    const shared = {
      limits: this.#limits,
      counters: this.#counters,
      say: this.#log.say,
      introduction,
      incarnations: options.incarnations ?? 'any',
      judge: (greeting: Greeting) => this.#judge(greeting),
    }
    this.#acceptor = new Acceptor({
      ...shared,
      reception: new Reception({ ...shared, sessions: new Sessions(this.#limits.sessions), peerAt: (address) => this.#peers.get(address) }),
      onFrame: (body, from) => this.#deliver(body, from),
      onKept: (address) => this.#notify(() => options.onPeerKept?.(address)),
    })
    this.#peers = new Peers({
      ...shared,
      lookup: cachedLookup(),
      listening: () => this.#address,
      budget: { bytes: 0, limitBytes: this.#limits.totalQueueBytes },
      pressure: this.#pressure,
      onDown: (address) => this.#notify(() => options.onPeerDown?.(address)),
      onUp: (address) => this.#notify(() => options.onPeerUp?.(address)),
      onReplaced: (address) => this.#notify(() => options.onPeerReplaced?.(address)),
      onGivenUp: (address, reason) => this.#over(address, () => options.onPeerGivenUp?.(address, reason)),
      onEnded: (address) => this.#over(address, () => options.onGivenUp?.(address)),
      onProgress: () => this.#onProgress(),
    })
  }

  async #listen(): Promise<void> {
    this.#address = await this.#acceptor.listen(this.#address)
  }

  /** The host as given, and the port in use. */
  get address(): Address {
    return this.#address
  }

  /** A snapshot. */
  get counters(): EndpointCounters {
    const { handlerErrors } = this.#counters
    return { ...structuredClone(this.#counters), handlerErrors: handlerErrors + this.#log.failures, queues: this.#peers.queues }
  }

  /** Full from half of the limits of a queue until it has fallen to a quarter. If the application waits, no peer that reads is ever given up. */
  get pressure(): Pressure {
    return this.#pressure
  }

  /** The peers that we have given up, and those that have given us up. */
  get givenUp(): Address[] {
    return this.#peers.givenUp
  }

  /**
   * Queues a frame; if nothing else is in transit to that peer, it leaves in this very tick. Never blocks, never throws.
   * The body is copied. `dropped` frames are counted by reason: empty or too long, no such address, endpoint closed, peer given up.
   * `queued` frames arrive once and, on a kept connection, in order, if both processes go on and read, whatever the network does; a classic
   * connection that breaks after it was established loses its frame.
   *
   * If a frame does not fit the queue of the peer, that peer is given up; if it does not fit the total of all queues, the peer that holds most.
   */
  send(address: Address, body: Uint8Array): 'queued' | 'dropped' {
    if (body.length === 0) return this.#drop('empty', address)
    if (body.length > this.#longestBytes) return this.#drop('too-long', address, { bytes: body.length, limitBytes: this.#longestBytes })
    const peer = this.#peers.at(address)
    return typeof peer === 'string' ? this.#drop(peer, address) : this.#peers.send(peer, body)
  }

  /**
   * The peer is known to support kept connections: its frames go that way from now on, including those queued. Cheap to repeat.
   * Returns `classic` if that is not possible: with `connections: 'classic'`, or if there are as many such peers as connections (`limits`),
   * which is logged and counted.
   */
  upgrade(address: Address): 'kept' | 'classic' {
    return this.#options.connections === 'classic' ? 'classic' : this.#peers.upgrade(address)
  }

  /** Whether there is a kept connection to that peer, and it is established. */
  isConnected(address: Address): boolean {
    return this.#peers.get(address)?.isConnected ?? false
  }

  /** Replaces all kept connections, in both directions, because `hello` has changed. Nothing is lost. */
  greetAgain(): void {
    this.#peers.greetAgain()
    this.#acceptor.disconnectKept()
  }

  /** Drops the queue of the peer and closes our connections with it. A later `send` starts afresh, even with a peer that was given up. */
  forget(address: Address): void {
    this.#peers.forget(address)
    this.#acceptor.disconnect(address)
  }

  /** Accepts nothing more, gives queued frames up to `closeTimeoutMs` to leave, and closes everything. Every call returns the same promise. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const accepting = this.#acceptor.close()
    this.#peers.finish()
    await this.#settled()
    this.#peers.stop()
    await accepting
    this.#log.close()
  }

  #settled(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#limits.closeTimeoutMs)
      this.#onProgress = () => {
        if (!this.#peers.areSettled) return
        clearTimeout(timer)
        resolve()
      }
      this.#onProgress()
    })
  }

  #over(address: Address, callback: () => void): void {
    this.#acceptor.disconnect(address)
    this.#notify(callback)
  }

  #judge(greeting: Greeting): Verdict {
    try {
      return this.#options.onHello?.(greeting) ?? { peer: greeting.address }
    } catch (error) {
      this.#counters.handlerErrors++
      this.#log.say('warn', 'the hello handler threw', { error })
      return { refuse: 'the process failed to judge this hello' }
    }
  }

  #hello(): Uint8Array {
    const payload = this.#options.hello?.() ?? new Uint8Array(0)
    if (payload.length > PAYLOAD_LIMIT_BYTES)
      throw new RangeError(`hello: expected at most ${PAYLOAD_LIMIT_BYTES} bytes, found ${payload.length}`)
    return payload
  }

  #drop(reason: DropReason, address: Address, details?: object): 'dropped' {
    this.#counters.frames.dropped[reason]++
    this.#log.say('warn', 'frame dropped', { reason, peer: formatAddress(address), ...details })
    return 'dropped'
  }

  #deliver(body: Uint8Array, from: FrameOrigin): Promise<unknown> | undefined {
    try {
      const taken = this.#options.onFrame(body, from)
      return taken instanceof Promise ? taken : undefined
    } catch (error) {
      this.#counters.handlerErrors++
      this.#log.say('warn', 'the frame handler threw', { error, ...from })
      return undefined
    }
  }

  #notify(callback: () => void): void {
    if (this.#closing === undefined) this.#guard(callback)
  }

  #guard(callback: () => void): void {
    try {
      callback()
    } catch {
      this.#counters.handlerErrors++
    }
  }
}
