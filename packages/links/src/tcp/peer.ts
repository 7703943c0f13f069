import { type Address, formatAddress } from '../net/address'
import { ClassicSender } from './classic-sender'
import { FrameLog, type QueueBudget } from './frame-log'
import { KeptSender } from './kept-sender'
import type { Sender, SenderContext } from './sender'

/** What peers share with their endpoint. */
export interface PeerContext extends Pick<SenderContext, 'limits' | 'counters' | 'say' | 'lookup'> {
  readonly listening: Address
  readonly budget: QueueBudget
  onDown(address: Address): void
  onUp(address: Address): void
  /** Some peer may have become settled. */
  onProgress(): void
}

/** One address that we send to: its queue, and the way its frames go. */
export class Peer implements SenderContext {
  readonly address: Address
  readonly log: FrameLog
  readonly #context: PeerContext
  readonly #classic: ClassicSender
  #kept: KeptSender | undefined
  #down = false
  #full = false
  #upgradeNotBefore = 0

  constructor(address: Address, context: PeerContext) {
    this.address = { host: address.host, port: address.port }
    this.#context = context
    this.log = new FrameLog(context.limits.queueFrames, context.limits.queueBytes, context.budget)
    this.#classic = new ClassicSender(this)
  }

  get limits() {
    return this.#context.limits
  }
  get counters() {
    return this.#context.counters
  }
  get say() {
    return this.#context.say
  }
  get lookup() {
    return this.#context.lookup
  }

  get #sender(): Sender {
    return this.#kept ?? this.#classic
  }

  get settled(): boolean {
    return this.#classic.settled && this.#sender.settled
  }

  /** Nothing would be lost or have to be made again if this peer were forgotten. */
  get idle(): boolean {
    return this.log.frames === 0 && this.#classic.settled && (this.#kept === undefined || this.#kept.unreachable)
  }

  send(body: Uint8Array): 'queued' | 'dropped' {
    if (!this.log.append(body)) {
      this.#tellFull()
      return 'dropped'
    }
    this.counters.frames.queued++
    this.#sender.wake()
    return 'queued'
  }

  upgrade(): void {
    if (this.#kept !== undefined || Date.now() < this.#upgradeNotBefore) return
    this.#classic.pause()
    this.say('debug', 'keeping a connection open', { peer: formatAddress(this.address) })
    this.#kept = new KeptSender(this, this.#context.listening, (reason) => this.#fallBack(reason))
  }

  finish(): void {
    this.#sender.finish()
  }

  stop(reason: 'forgotten' | 'closed'): void {
    this.#kept?.stop()
    this.#classic.stop()
    this.counters.frames.dropped[reason] += this.log.frames
    this.log.clear()
  }

  refused(): void {
    if (this.#down) return
    this.#down = true
    this.say('info', 'peer is down: connection refused', { peer: formatAddress(this.address), queuedFrames: this.log.frames })
    this.#context.onDown(this.address)
  }

  answered(): void {
    if (!this.#down) return
    this.#down = false
    this.say('info', 'peer is up again', { peer: formatAddress(this.address), queuedFrames: this.log.frames })
    this.#context.onUp(this.address)
  }

  progressed(): void {
    if (this.#full && this.log.frames <= this.limits.queueFrames / 2 && this.log.bytes <= this.limits.queueBytes / 2) this.#full = false
    this.#context.onProgress()
  }

  #fallBack(reason: string): void {
    this.#kept = undefined
    this.#upgradeNotBefore = Date.now() + this.limits.fallbackMs
    this.counters.connections.fallbacks++
    this.say('info', 'peer does not keep connections: one connection a frame', { peer: formatAddress(this.address), reason })
    this.#classic.resume()
  }

  /** Once an episode: until the queue has fallen to half of its limits. */
  #tellFull(): void {
    this.counters.frames.dropped['queue-full']++
    if (this.#full) return
    this.#full = true
    const { frames, bytes } = this.log
    this.say('warn', 'queue is full: new frames are dropped', { peer: formatAddress(this.address), frames, bytes })
  }
}
