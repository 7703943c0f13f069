import { printable } from '@upon/contract'
import { type Address, formatAddress } from '../../address'
import { reportFailedAttempt, retryDelayMs, type Sender, type SenderContext } from '../sending/sender'
import { type Ending, KeptConnection, type KeptConnectionOwner } from './kept-connection'
import { KeptSession } from './kept-session'
import type { Answer, Introduction, Refusal } from './preamble'

/** A connection that lasted this long is replaced at once when it is lost; others with growing delays, unless frames were acknowledged. */
const STEADY_MS = 100
/** At most so many failures count for a peer that has just answered, or accepted a connection, because it is there: delays of 128 and 512 ms. */
const ANSWERED_ATTEMPTS = 8
const TAKEN_ATTEMPTS = 10
/** When the peer has just connected to us, an attempt to connect that has taken so long is replaced; an established connection after half the time for an answer. */
const WOKEN_AFTER_MS = 250

const UNANSWERED = {
  closed: 'it closed the connection',
  timeout: 'it did not answer in time',
  stalled: 'it did not answer in time',
  'not-ours': 'it answered in another protocol',
}

/** What a kept sender needs in addition to what every sender needs. */
export interface KeptContext extends SenderContext {
  readonly introduction: Introduction
  readonly listening: Address
  /** Why a process that answers may not receive our frames; `undefined` if it may. */
  judge(answer: Introduction): Refusal | undefined
  /** The peer refuses this incarnation of ours, or is a different incarnation itself, for good. This sender has stopped. */
  ended(refusal: Refusal, by: 'us' | 'peer'): void
}

/**
 * One connection to a peer that is kept open, and replaced whenever it is lost or nothing is acknowledged on it. All frames of a tick leave in
 * one write.
 *
 * Frames stay in the log until the peer has acknowledged them. After a reconnect the peer says how many it has received, and the sender goes on
 * from there: between two incarnations of endpoints nothing is lost or duplicated, and the order is that of `send`. If the process of the peer is
 * replaced, and that is allowed, the new one receives all that the old one had not acknowledged, some of which the old one may have received.
 */
export class KeptSender implements Sender, KeptConnectionOwner {
  readonly #context: KeptContext
  readonly #session: KeptSession
  #connection: KeptConnection | undefined
  #attempt = 0
  #unreachable = false
  /** The refusal by the peer, or by us, has been logged. */
  #isRefusalLogged = false
  #timer: NodeJS.Timeout | undefined
  #flushing = false
  #finishing = false
  #stopped = false

  constructor(context: KeptContext) {
    this.#context = context
    this.#session = new KeptSession(context.log)
    this.#connect()
  }

  get settled(): boolean {
    return this.#context.log.frames === 0 || this.#unreachable
  }

  /** The last attempt to connect failed, or the peer refused. */
  get unreachable(): boolean {
    return this.#unreachable
  }

  get isWaiting(): boolean {
    return this.#context.log.frames > 0
  }

  /** The connection is established, and the peer has answered. */
  get isOpen(): boolean {
    return this.#connection?.stage === 'open'
  }

  wake(): void {
    if (this.#flushing || !this.isOpen || this.#connection?.isBlocked) return
    this.#flushing = true
    process.nextTick(this.#flush)
  }

  /** The peer has connected to us, so it can be reached: do not wait any longer. What has arrived from it is read first, in case this process is slow. */
  nudge(): void {
    const connection = this.#connection
    if (!this.#stopped && !this.isOpen)
      setImmediate(() => {
        if (this.#stopped || this.isOpen || this.#connection !== connection) return
        const { answerTimeoutMs } = this.#context.limits
        const patienceMs = connection?.greeted ? answerTimeoutMs / 2 : WOKEN_AFTER_MS
        if (connection === undefined || performance.now() - connection.startedAt > patienceMs) this.greetAgain()
      })
  }

  /** Connects and sends a hello again, for example because it has changed. */
  greetAgain(): void {
    if (this.#stopped) return
    this.#connection?.destroy()
    this.#attempt = 0
    this.#connect()
  }

  finish(): void {
    this.#finishing = true
    if (this.isOpen) this.#flush()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#connection?.destroy()
    this.#connection = undefined
  }

  hello(): Uint8Array {
    return this.#session.hello(this.#context.introduction, this.#context.listening)
  }

  onAnswer(answer: Answer): void {
    const refusal = answer.refusal ?? this.#context.judge(answer)
    if (refusal === undefined) this.#accepted(answer)
    else this.#refuse(refusal, answer.refusal === undefined ? 'us' : 'peer')
  }

  #accepted(answer: Answer): void {
    this.#session.answered(answer.incarnation)
    this.#unreachable = false
    this.#isRefusalLogged = false
    if (!this.#take(answer.taken)) return
    this.#context.log.rewind()
    this.#context.answered()
    this.#flush()
  }

  onCount(count: number): void {
    this.#take(count)
  }

  onDrain(): void {
    this.#flush()
  }

  onClosed(ending: Ending): void {
    const { counters, limits, say, address } = this.#context
    const { openedAt, startedAt, greeted } = this.#connection as KeptConnection
    this.#connection = undefined
    if (ending === 'stalled') say('info', 'nothing was acknowledged: reconnecting', { peer: formatAddress(address) })
    else if (greeted) counters.connections.reset++
    if (openedAt > 0 && performance.now() - openedAt > STEADY_MS) this.#attempt = 0
    else if (greeted) this.#attempt = Math.min(this.#attempt, openedAt > 0 ? ANSWERED_ATTEMPTS : TAKEN_ATTEMPTS)
    if (openedAt === 0) this.#failed(ending, greeted)
    this.#reconnect(retryDelayMs(this.#attempt++, performance.now() - startedAt, limits))
  }

  readonly #flush = (): void => {
    this.#flushing = false
    while (this.isOpen && !this.#connection?.isBlocked) {
      const bytes = this.#session.takeUnwritten()
      if (bytes === undefined) break
      this.#connection?.write(bytes)
    }
    if (this.#finishing && this.isOpen && !this.#connection?.isBlocked) this.#connection?.finish()
  }

  #connect(): void {
    clearTimeout(this.#timer)
    this.#session.connecting()
    this.#connection = new KeptConnection(this.#context, this)
  }

  /** The peer has acknowledged `count` frames of this session. */
  #take(count: number): boolean {
    const { counters, say, address, limits } = this.#context
    const more = this.#session.take(count)
    if (more === undefined) {
      say('warn', 'peer acknowledged frames that were not sent', { peer: formatAddress(address), count, dropped: this.#session.taken })
      this.#connection?.destroy()
      this.#connection = undefined
      this.#reconnect(retryDelayMs(this.#attempt++, 0, limits))
      return false
    }
    counters.frames.out += more
    if (more > 0) {
      this.#attempt = 0
      this.#context.progressed()
    }
    return true
  }

  #refuse(refusal: Refusal, by: 'us' | 'peer'): void {
    const { counters, limits, say, address } = this.#context
    this.#connection?.destroy()
    this.#connection = undefined
    this.#unreachable = true
    counters.connections[by === 'us' ? 'refusedHere' : 'refusedByPeer']++
    const level = this.#isRefusalLogged ? 'debug' : 'warn'
    const message = by === 'us' ? 'the answering process is refused' : 'the peer refuses this process'
    say(level, message, { peer: formatAddress(address), code: refusal.code, reason: printable(refusal.text, 1_000) })
    this.#isRefusalLogged = true
    if (refusal.code === 'differs' || refusal.code === 'version') {
      this.#context.halted()
      this.#reconnect(limits.refusedRetryMs)
    } else {
      this.stop()
      this.#context.ended(refusal, by)
    }
  }

  #failed(ending: Ending, greeted: boolean): void {
    const { say, address } = this.#context
    if (greeted) {
      const reason = typeof ending === 'string' ? UNANSWERED[ending] : ending.code
      say(this.#attempt === 0 ? 'info' : 'debug', 'the peer accepts connections but does not answer', {
        peer: formatAddress(address),
        reason,
      })
      this.#context.progressed()
    } else {
      this.#unreachable = true
      reportFailedAttempt(this.#context, typeof ending === 'string' ? 'timeout' : ending, this.#attempt)
    }
  }

  #reconnect(delayMs: number): void {
    if (this.#finishing && this.#context.log.frames === 0) this.stop()
    // A callback for the failed attempt may have stopped it, too.
    if (this.#stopped) return
    clearTimeout(this.#timer)
    if (delayMs === 0) this.#connect()
    else this.#timer = setTimeout(() => this.#connect(), delayMs).unref()
  }
}
