import { type Address, formatAddress } from '../../address'
import { type KeptContext, KeptSender } from '../kept/kept-sender'
import type { Introduction, Refusal } from '../kept/preamble'
import type { Greeting, KnownPeer, Verdict } from '../kept/reception'
import { ClassicSender } from './classic-sender'
import { FrameLog, type QueueBudget } from './frame-log'
import type { QueuePressure } from './pressure'
import { QueueGauge } from './queue-gauge'
import type { Sender, SenderContext } from './sender'

/** Why a process is given up: its queue is full, it has come back as another incarnation, or it has forgotten what it received from us. */
export type GivenUpReason = 'queue-full' | 'replaced' | 'forgotten'

/** What peers share with their endpoint. */
export interface PeerContext extends Pick<SenderContext, 'limits' | 'counters' | 'say' | 'lookup'> {
  /** Where this endpoint listens, for the hello. */
  listening(): Address
  readonly introduction: Introduction
  readonly incarnations: 'one' | 'any'
  readonly budget: QueueBudget
  readonly pressure: QueuePressure
  judge(greeting: Greeting): Verdict
  onDown(address: Address): void
  onUp(address: Address): void
  /** Another incarnation of the peer is there. */
  onReplaced(address: Address): void
  /** It replaces one that was given up: `peer` is to be forgotten. */
  onRevived(peer: Peer, incarnation: string): void
  /** We have given it up. */
  onGivenUp(address: Address, reason: GivenUpReason): void
  /** It has given us up. */
  onEnded(address: Address): void
  /** Some peer may have become settled. */
  onProgress(): void
}

/** One address that we send to: its queue, and its sender, classic or kept. */
export class Peer implements KeptContext, KnownPeer {
  readonly address: Address
  readonly log: FrameLog
  readonly #context: PeerContext
  readonly #gauge: QueueGauge
  readonly #classic: ClassicSender
  #kept: KeptSender | undefined
  #down = false
  /** The incarnation that we know. */
  #incarnation: string | undefined
  /** Why we have given it up, or it us. */
  #end: string | undefined

  constructor(address: Address, context: PeerContext) {
    this.address = { host: address.host, port: address.port }
    this.#context = context
    this.log = new FrameLog(context.limits.queueFrames, context.limits.queueBytes, context.budget)
    this.#gauge = new QueueGauge(this.log, context.limits, context.pressure)
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
  get introduction() {
    return this.#context.introduction
  }
  get listening() {
    return this.#context.listening()
  }

  get #sender(): Sender {
    return this.#kept ?? this.#classic
  }

  get settled(): boolean {
    return this.#classic.settled && this.#sender.settled
  }

  get isKept(): boolean {
    return this.#kept !== undefined
  }

  get isConnected(): boolean {
    return this.#kept?.isOpen ?? false
  }

  get isOver(): boolean {
    return this.#end !== undefined
  }

  /** Whether this peer can be forgotten: nothing is queued, and no connection is kept. */
  get idle(): boolean {
    return this.log.frames === 0 && !this.isOver && this.#classic.settled && (this.#kept === undefined || this.#kept.unreachable)
  }

  /** `full`: this peer has to be given up, or another one. */
  send(body: Uint8Array): 'queued' | 'dropped' | 'full' {
    if (this.isOver) {
      this.counters.frames.dropped['given-up']++
      return 'dropped'
    }
    if (!this.log.append(body)) return 'full'
    this.counters.frames.queued++
    this.#gauge.grown()
    this.#sender.wake()
    return 'queued'
  }

  upgrade(): void {
    if (this.isKept || this.isOver) return
    this.#classic.pause()
    this.say('debug', 'keeping a connection open', { peer: formatAddress(this.address) })
    this.#kept = new KeptSender(this)
  }

  greetAgain(): void {
    this.#kept?.greetAgain()
  }

  finish(): void {
    this.#sender.finish()
  }

  stop(reason: 'forgotten' | 'closed' | 'given-up'): void {
    this.#kept?.stop()
    this.#classic.stop()
    this.counters.frames.dropped[reason] += this.log.frames
    this.log.clear()
    this.#gauge.stop()
  }

  giveUp(reason: GivenUpReason, text: string): void {
    if (this.isOver) return
    const { frames, bytes } = this.log
    this.#end = text
    this.counters.givenUp.byUs++
    this.say('warn', 'peer is given up', { peer: formatAddress(this.address), reason, why: text, frames, bytes })
    this.stop('given-up')
    this.#context.onProgress()
    this.#context.onGivenUp(this.address, reason)
  }

  objection(incarnation: string): string | undefined {
    const isOther = this.#incarnation !== undefined && this.#incarnation !== incarnation
    if (isOther && this.#context.incarnations === 'one') return 'it has come back as another incarnation, which is not allowed here'
    if (isOther || this.#end === undefined) return undefined
    this.#incarnation = incarnation
    return this.#end
  }

  seen(incarnation: string): boolean {
    const isOther = this.#incarnation !== undefined && this.#incarnation !== incarnation
    this.#incarnation = incarnation
    if (isOther) {
      this.say('info', 'another incarnation of the peer is there', { peer: formatAddress(this.address) })
      this.#context.onReplaced(this.address)
      if (this.isOver) this.#context.onRevived(this, incarnation)
    }
    if (!this.isOver) this.#kept?.nudge()
    return isOther
  }

  judge({ incarnation, payload }: Introduction): Refusal | undefined {
    const verdict = this.#context.judge({ address: this.address, incarnation, payload })
    if ('refuse' in verdict) return { code: 'differs', text: verdict.refuse }
    const objection = this.objection(incarnation)
    if (objection !== undefined) return { code: 'replaced', text: objection }
    this.seen(incarnation)
    return undefined
  }

  ended({ code, text }: Refusal, by: 'us' | 'peer'): void {
    if (by === 'us' || code !== 'given-up') {
      this.giveUp(code === 'forgotten' ? 'forgotten' : 'replaced', text)
      return
    }
    this.#end = `it has given this process up: ${text}`
    this.counters.givenUp.byPeer++
    this.stop('given-up')
    this.#context.onProgress()
    this.#context.onEnded(this.address)
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
    this.#gauge.progressed()
    this.#context.onProgress()
  }

  halted(): void {
    this.#context.onProgress()
  }
}
