import { randomBytes } from 'node:crypto'
import type { Pressure } from '@upon/contract'
import { type Address, AddressMap, formatAddress, isConnectable } from '../net/address'
import { type Log, limitLog } from '../net/log-limit'
import { Acceptor } from './acceptor'
import { type DropReason, type EndpointCounters, newCounters } from './counters'
import type { EndpointOptions } from './endpoint-options'
import { FRAME_HEADER_BYTES } from './framing'
import { cachedLookup } from './host-lookup'
import type { FrameOrigin } from './incoming'
import { completeLimits, type EndpointLimits } from './limits'
import { Peer, type PeerContext } from './peer'
import { type Introduction, PAYLOAD_LIMIT_BYTES } from './preamble'
import { QueuePressure } from './pressure'
import { type Greeting, Reception, type Verdict } from './reception'
import { Sessions } from './sessions'

/** One listening socket, and frames to any number of peers, each addressed by where it listens. */
export class TcpEndpoint {
  /** Of this start: 16 random bytes in hexadecimal, which others see in its greetings. */
  readonly incarnation = randomBytes(16).toString('hex')
  readonly #options: EndpointOptions
  readonly #limits: EndpointLimits
  /** No peer is to blame for a frame that fits no queue, however empty. */
  readonly #longestBytes: number
  readonly #counters = newCounters()
  readonly #say: Log
  readonly #acceptor: Acceptor
  readonly #peers = new AddressMap<Peer>()
  #address: Address
  #peerContext: PeerContext
  readonly #pressure = new QueuePressure()
  #keptPeers = 0
  #closing: Promise<void> | undefined
  #onProgress = (): void => {}

  /** Resolves when frames can come in. Rejects with `ListenError` when the address cannot be had, `RangeError` for limits that make no sense. */
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
    this.#say = limitLog((level, message, details) => this.#guard(() => options.onLog?.(level, message, details)))
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
      say: this.#say,
      introduction,
      incarnations: options.incarnations ?? 'any',
      judge: (greeting: Greeting) => this.#judge(greeting),
    }
    this.#acceptor = new Acceptor({
      ...shared,
      reception: new Reception({ ...shared, sessions: new Sessions(this.#limits.sessions), peerAt: (address) => this.#peers.get(address) }),
      onFrame: (body, from) => this.#deliver(body, from),
      onKept: (address) => this.#tell(() => options.onPeerKept?.(address)),
    })
    this.#peerContext = {
      ...shared,
      lookup: cachedLookup(),
      listening: this.#address,
      budget: { bytes: 0, limitBytes: this.#limits.totalQueueBytes },
      pressure: this.#pressure,
      onDown: (address) => this.#tell(() => options.onPeerDown?.(address)),
      onUp: (address) => this.#tell(() => options.onPeerUp?.(address)),
      onReplaced: (address) => this.#tell(() => options.onPeerReplaced?.(address)),
      onRevived: (peer, incarnation) => this.#revive(peer, incarnation),
      onGivenUp: (address, reason) => this.#over(address, () => options.onPeerGivenUp?.(address, reason)),
      onEnded: (address) => this.#over(address, () => options.onGivenUp?.(address)),
      onProgress: () => this.#onProgress(),
    }
  }

  async #listen(): Promise<void> {
    this.#address = await this.#acceptor.listen(this.#address)
    this.#peerContext = { ...this.#peerContext, listening: this.#address }
  }

  /** The host as given, and the port in use. */
  get address(): Address {
    return this.#address
  }

  /** A snapshot. */
  get counters(): EndpointCounters {
    const queues = { peers: this.#peers.size, frames: 0, bytes: 0 }
    for (const { log } of this.#peers.values()) {
      queues.frames += log.frames
      queues.bytes += log.bytes
    }
    return { ...structuredClone(this.#counters), queues }
  }

  /** Full from half of a queue's limits, until it has fallen to a quarter: an application that waits never sees a peer given up that takes what it gets. */
  get pressure(): Pressure {
    return this.#pressure
  }

  /** The peers that were given up, or have given us up. */
  get givenUp(): Address[] {
    return [...this.#peers.values()].filter(({ isOver }) => isOver).map(({ address }) => address)
  }

  /**
   * Queues a frame; when nothing else is under way to that peer, it leaves in this very tick. Never blocks, never throws.
   * The body is copied. `dropped` frames are counted by reason: empty or too long, no such address, endpoint closed, peer given up.
   * `queued` frames arrive once and, on a kept connection, in order, if both processes live on and take what they get, whatever the network does;
   * a classic connection that breaks after it stood loses its frame.
   *
   * Where a frame does not fit the peer's queue, that peer is given up; where it does not fit what all have together, the one that holds most.
   */
  send(address: Address, body: Uint8Array): 'queued' | 'dropped' {
    if (body.length === 0) return this.#drop('empty', address)
    if (body.length > this.#longestBytes) return this.#drop('too-long', address, { bytes: body.length, limitBytes: this.#longestBytes })
    const peer = this.#peer(address)
    if (typeof peer === 'string') return this.#drop(peer, address)
    const outcome = peer.send(body)
    return outcome === 'full' ? this.#makeRoom(peer, body) : outcome
  }

  /**
   * The peer is known to keep connections: its frames go that way from now on, those queued included. Cheap to repeat.
   * `classic`: not done, since `connections: 'classic'`, or there are as many such peers as connections (`limits`); that is logged and counted.
   */
  upgrade(address: Address): 'kept' | 'classic' {
    if (this.#options.connections === 'classic') return 'classic'
    const peer = this.#peer(address)
    if (typeof peer === 'string') return 'classic'
    if (!peer.isKept && !peer.isOver) {
      if (this.#keptPeers >= this.#limits.connections) return this.#noSlot(address)
      this.#keptPeers++
      peer.upgrade()
    }
    return 'kept'
  }

  /** Whether a connection to that peer is kept, and stands. */
  isConnected(address: Address): boolean {
    return this.#peers.get(address)?.isConnected ?? false
  }

  /** Closes and makes anew all kept connections, in both directions, because `hello` has something else to say. Nothing is lost. */
  greetAgain(): void {
    for (const peer of this.#peers.values()) peer.greetAgain()
    this.#acceptor.disconnectKept()
  }

  /** Drops the peer's queue and closes our connections with it. A later `send` begins anew, also with one that was given up. */
  forget(address: Address): void {
    const peer = this.#peers.get(address)
    if (peer !== undefined) this.#remove(peer)
    this.#acceptor.disconnect(address)
  }

  /** Takes and accepts nothing more, gives queued frames up to `closeTimeoutMs` to leave, and closes everything. Every call returns the same promise. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const accepting = this.#acceptor.close()
    for (const peer of this.#peers.values()) peer.finish()
    await this.#settled()
    for (const peer of this.#peers.values()) peer.stop('closed')
    await accepting
  }

  #settled(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#limits.closeTimeoutMs)
      this.#onProgress = () => {
        for (const peer of this.#peers.values()) if (!peer.settled) return
        clearTimeout(timer)
        resolve()
      }
      this.#onProgress()
    })
  }

  /** The peer of that address, made if need be, or why there is none. */
  #peer(address: Address): Peer | DropReason {
    if (this.#closing !== undefined) return 'closed'
    const known = this.#peers.get(address)
    if (known !== undefined) return known
    if (!isConnectable(address)) return 'bad-address'
    if (this.#peers.size >= this.#limits.peers && !this.#forgetIdlePeer()) return 'too-many-peers'
    const peer = new Peer(address, this.#peerContext)
    this.#peers.set(peer.address, peer)
    return peer
  }

  #forgetIdlePeer(): boolean {
    for (const peer of this.#peers.values()) {
      if (!peer.idle) continue
      this.#remove(peer)
      return true
    }
    return false
  }

  #remove(peer: Peer): void {
    if (peer.isKept) this.#keptPeers--
    this.#peers.delete(peer.address)
    peer.stop('forgotten')
  }

  /** The frame would be missing in a queue that is full. */
  #makeRoom(peer: Peer, body: Uint8Array): 'queued' | 'dropped' {
    let largest = peer
    const isOwn = !peer.log.fitsOwnLimits(body)
    if (!isOwn) for (const each of this.#peers.values()) if (each.log.bytes > largest.log.bytes) largest = each
    largest.giveUp('queue-full', isOwn ? 'it did not take what was sent to it' : 'all queues together are full, and it holds most')
    const outcome = peer.send(body)
    return outcome === 'full' ? this.#makeRoom(peer, body) : outcome
  }

  #noSlot(address: Address): 'classic' {
    this.#counters.connections.fallbacks++
    const limit = this.#limits.connections
    this.#say('warn', 'no slot for another kept connection: one connection a frame', { peer: formatAddress(address), limit })
    return 'classic'
  }

  /** A process came back where one was given up. */
  #revive(peer: Peer, incarnation: string): void {
    this.#remove(peer)
    const fresh = this.#peer(peer.address)
    if (typeof fresh === 'string') return
    fresh.met(incarnation)
    if (peer.isKept) this.upgrade(peer.address)
  }

  #over(address: Address, tell: () => void): void {
    this.#acceptor.disconnect(address)
    this.#tell(tell)
  }

  #judge(greeting: Greeting): Verdict {
    try {
      return this.#options.onHello?.(greeting) ?? { peer: greeting.address }
    } catch (error) {
      this.#counters.handlerErrors++
      this.#say('warn', 'the hello handler threw', { error })
      return { refuse: 'it cannot judge this hello' }
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
    this.#say('warn', 'frame dropped', { reason, peer: formatAddress(address), ...details })
    return 'dropped'
  }

  #deliver(body: Uint8Array, from: FrameOrigin): Promise<unknown> | undefined {
    try {
      const taken = this.#options.onFrame(body, from)
      return taken instanceof Promise ? taken : undefined
    } catch (error) {
      this.#counters.handlerErrors++
      this.#say('warn', 'the frame handler threw', { error, ...from })
      return undefined
    }
  }

  #tell(callback: () => void): void {
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
