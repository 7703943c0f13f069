import { type Address, AddressMap, formatAddress, isConnectable } from '../net/address'
import { type Log, limitLog } from '../net/log-limit'
import { Acceptor } from './acceptor'
import { type DropReason, type EndpointCounters, newCounters } from './counters'
import { cachedLookup } from './host-lookup'
import type { FrameOrigin } from './incoming'
import { completeLimits, type EndpointLimits } from './limits'
import { Peer, type PeerContext } from './peer'
import { Sessions } from './sessions'

export interface EndpointOptions {
  /** An address of this machine, or a wildcard. */
  readonly host: string
  /** 0 lets the system choose; see `TcpEndpoint.address`. */
  readonly port: number
  readonly limits?: Partial<EndpointLimits>
  /**
   * A whole frame has arrived. The body is this callback's to keep; it may be a view of a larger array.
   * What it throws is counted and logged, the frame counts as taken, and the connection goes on.
   */
  onFrame(body: Uint8Array, from: FrameOrigin): void
  /** Nobody listens there: a connection was refused. Once, until `onPeerUp`. A hint for failure detectors: a frozen or unreachable peer gives none. */
  onPeerDown?(address: Address): void
  /** The peer takes connections again. Only after `onPeerDown`. */
  onPeerUp?(address: Address): void
  /** A process keeps a connection to us, and says that it listens there: so `upgrade` will do for it. Not verified. */
  onPeerKept?(address: Address): void
  /** Lines on one subject are limited to 10 in 5 s. */
  onLog?: Log
  /** `classic`: we never keep a connection open of our own accord, `upgrade` is ignored; those of others are accepted all the same. Default: `kept`. */
  readonly connections?: 'kept' | 'classic'
}

/** One listening socket, and frames to any number of peers, each addressed by where it listens. */
export class TcpEndpoint {
  readonly #options: EndpointOptions
  readonly #limits: EndpointLimits
  readonly #counters = newCounters()
  readonly #say: Log
  readonly #acceptor: Acceptor
  readonly #peers = new AddressMap<Peer>()
  #address: Address
  #peerContext: PeerContext
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
    this.#address = { host: options.host, port: options.port }
    this.#say = limitLog((level, message, details) => this.#guard(() => options.onLog?.(level, message, details)))
    this.#acceptor = new Acceptor({
      limits: this.#limits,
      counters: this.#counters,
      sessions: new Sessions(this.#limits.sessions),
      say: this.#say,
      onFrame: (body, from) => this.#deliver(body, from),
      onKept: (address) => this.#tell(() => options.onPeerKept?.(address)),
    })
    this.#peerContext = {
      limits: this.#limits,
      counters: this.#counters,
      say: this.#say,
      lookup: cachedLookup(),
      listening: this.#address,
      budget: { bytes: 0, limitBytes: this.#limits.totalQueueBytes },
      onDown: (address) => this.#tell(() => options.onPeerDown?.(address)),
      onUp: (address) => this.#tell(() => options.onPeerUp?.(address)),
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

  /**
   * Queues a frame; when nothing else is under way to that peer, it leaves in this very tick. Never blocks, never throws.
   * The body is copied. `dropped` frames are counted by reason: empty or too long, the peer's queue is full, no such address, endpoint closed.
   * `queued` frames arrive once and, on a kept connection, in order, if both processes live on and the network does its part;
   * a classic connection that breaks after it stood loses its frame.
   */
  send(address: Address, body: Uint8Array): 'queued' | 'dropped' {
    if (body.length === 0) return this.#drop('empty', address)
    if (body.length > this.#limits.frameBytes)
      return this.#drop('too-long', address, { bytes: body.length, limitBytes: this.#limits.frameBytes })
    const peer = this.#peer(address)
    return typeof peer === 'string' ? this.#drop(peer, address) : peer.send(body)
  }

  /** The peer is known to keep connections: its frames go that way from now on, those queued included. Cheap to repeat. */
  upgrade(address: Address): void {
    if (this.#options.connections === 'classic') return
    const peer = this.#peer(address)
    if (typeof peer !== 'string') peer.upgrade()
  }

  /** Drops the peer's queue and closes our connections with it. A later `send` begins anew. */
  forget(address: Address): void {
    this.#peers.get(address)?.stop('forgotten')
    this.#peers.delete(address)
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
      peer.stop('forgotten')
      this.#peers.delete(peer.address)
      return true
    }
    return false
  }

  #drop(reason: DropReason, address: Address, details?: object): 'dropped' {
    this.#counters.frames.dropped[reason]++
    this.#say('warn', 'frame dropped', { reason, peer: formatAddress(address), ...details })
    return 'dropped'
  }

  #deliver(body: Uint8Array, from: FrameOrigin): void {
    try {
      this.#options.onFrame(body, from)
    } catch (error) {
      this.#counters.handlerErrors++
      this.#say('warn', 'the frame handler threw', { error, ...from })
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
