import { type Address, AddressMap, formatAddress, isConnectable } from '../../address'
import type { DropReason } from '../counters'
import { Peer, type PeerContext } from './peer'

/** The peers that an endpoint sends to, by listening address, and the limits for all of them. */
export class Peers {
  readonly #context: PeerContext
  readonly #all = new AddressMap<Peer>()
  #kept = 0
  #isClosed = false

  constructor(context: Omit<PeerContext, 'onRevived'>) {
    this.#context = { ...context, onRevived: (peer, incarnation) => this.#revive(peer, incarnation) }
  }

  /** How much is queued for them. */
  get queues() {
    const queues = { peers: this.#all.size, frames: 0, bytes: 0 }
    for (const { log } of this.#all.values()) {
      queues.frames += log.frames
      queues.bytes += log.bytes
    }
    return queues
  }

  /** Everything that is queued has left, or cannot leave. */
  get areSettled(): boolean {
    for (const peer of this.#all.values()) if (!peer.settled) return false
    return true
  }

  get givenUp(): Address[] {
    return [...this.#all.values()].filter(({ isOver }) => isOver).map(({ address }) => address)
  }

  get(address: Address): Peer | undefined {
    return this.#all.get(address)
  }

  /** The peer of that address, created if necessary, or why there is none. */
  at(address: Address): Peer | DropReason {
    if (this.#isClosed) return 'closed'
    const known = this.#all.get(address)
    if (known !== undefined) return known
    if (!isConnectable(address)) return 'bad-address'
    if (this.#all.size >= this.#context.limits.peers && !this.#forgetIdle()) return 'too-many-peers'
    const peer = new Peer(address, this.#context)
    this.#all.set(peer.address, peer)
    return peer
  }

  /** If a frame does not fit the queue of the peer, that peer is given up; if it does not fit the total of all queues, the peer that holds most. */
  send(peer: Peer, body: Uint8Array): 'queued' | 'dropped' {
    for (;;) {
      const outcome = peer.send(body)
      if (outcome !== 'full') return outcome
      this.#giveUpFor(peer, body)
    }
  }

  upgrade(address: Address): 'kept' | 'classic' {
    const peer = this.at(address)
    if (typeof peer === 'string') return 'classic'
    if (peer.isKept || peer.isOver) return 'kept'
    if (this.#kept >= this.#context.limits.connections) return this.#noSlot(address)
    this.#kept++
    peer.upgrade()
    return 'kept'
  }

  greetAgain(): void {
    for (const peer of this.#all.values()) peer.greetAgain()
  }

  forget(address: Address): void {
    const peer = this.#all.get(address)
    if (peer !== undefined) this.#remove(peer)
  }

  /** Accepts nothing more; what is queued may still leave. */
  finish(): void {
    this.#isClosed = true
    for (const peer of this.#all.values()) peer.finish()
  }

  stop(): void {
    for (const peer of this.#all.values()) peer.stop('closed')
  }

  #forgetIdle(): boolean {
    for (const peer of this.#all.values()) {
      if (!peer.idle) continue
      this.#remove(peer)
      return true
    }
    return false
  }

  #remove(peer: Peer): void {
    if (peer.isKept) this.#kept--
    this.#all.delete(peer.address)
    peer.stop('forgotten')
  }

  #giveUpFor(peer: Peer, body: Uint8Array): void {
    let largest = peer
    const isOwn = !peer.log.fitsOwnLimits(body)
    if (!isOwn) for (const each of this.#all.values()) if (each.log.bytes > largest.log.bytes) largest = each
    largest.giveUp(
      'queue-full',
      isOwn ? 'it did not read what was sent to it' : 'the total of all queues is full, and its queue is the largest',
    )
  }

  #noSlot(address: Address): 'classic' {
    const { counters, limits, say } = this.#context
    counters.connections.fallbacks++
    say('warn', 'no slot for another kept connection: one connection per frame', {
      peer: formatAddress(address),
      limit: limits.connections,
    })
    return 'classic'
  }

  /** A process came back at the address of one that was given up. */
  #revive(peer: Peer, incarnation: string): void {
    this.#remove(peer)
    const fresh = this.at(peer.address)
    if (typeof fresh === 'string') return
    fresh.seen(incarnation)
    if (peer.isKept) this.upgrade(peer.address)
  }
}
