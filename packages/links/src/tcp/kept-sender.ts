import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { type Address, formatAddress } from '../net/address'
import { CountReader, encodeHello } from './preamble'
import { openSocket, retryDelayMs, type Sender, type SenderContext, tellFailedAttempt } from './sender'

/**
 * What a peer must do, in a row, to count as foreign: close connections instead of answering (a dying process closes one too),
 * or stay silent on them. A process that has answered before may be frozen or short of descriptors, so it is given longer:
 * what it took without acknowledging would reach it twice.
 */
const FOREIGN_AFTER = { never: { closed: 2, silent: 1 }, answered: { closed: 12, silent: 3 } }
/** A connection that lived this long is made again at once when it is lost; others with growing delays, unless frames got through. */
const STEADY_MS = 100
const KEEP_ALIVE_MS = 30_000

/**
 * One connection to a peer, kept open, and made again whenever it is lost. All frames of a tick leave in one write.
 *
 * Frames stay in the log until the peer has acknowledged them. After a reconnect the peer tells how many it has taken and we go on from there:
 * between two incarnations of endpoints nothing is lost or doubled, and the order is that of `send`. When the peer's process is replaced,
 * the new one gets all that the old one had not acknowledged, some of which the old one may have taken.
 */
export class KeptSender implements Sender {
  readonly #context: SenderContext
  readonly #listening: Address
  readonly #onForeign: (reason: string) => void
  readonly #session = randomBytes(16).toString('hex')
  /** Frames of this session that have left the log. */
  #dropped = 0
  #socket: Socket | undefined
  #stage: 'waiting' | 'connecting' | 'greeting' | 'open' | 'stopped' = 'waiting'
  #openedAt = 0
  /** Whether the process that listens there now has answered before, as far as we can know. */
  #answered = false
  #closedUnanswered = 0
  #silent = 0
  #attempt = 0
  #unreachable = false
  #timer: NodeJS.Timeout | undefined
  #failure: NodeJS.ErrnoException | 'timeout' | undefined
  #flushing = false
  #blocked = false
  #finishing = false

  /** @param onForeign the peer does not keep connections; this sender has stopped */
  constructor(context: SenderContext, listening: Address, onForeign: (reason: string) => void) {
    this.#context = context
    this.#listening = listening
    this.#onForeign = onForeign
    this.#connect()
  }

  get settled(): boolean {
    return this.#context.log.frames === 0 || this.#unreachable
  }

  /** The last attempt to connect failed. */
  get unreachable(): boolean {
    return this.#unreachable
  }

  wake(): void {
    if (this.#flushing || this.#blocked || this.#stage !== 'open') return
    this.#flushing = true
    process.nextTick(this.#flush)
  }

  finish(): void {
    this.#finishing = true
    if (this.#stage === 'open') this.#flush()
  }

  stop(): void {
    this.#stage = 'stopped'
    clearTimeout(this.#timer)
    this.#socket?.destroy()
  }

  readonly #flush = (): void => {
    this.#flushing = false
    const { log, counters } = this.#context
    while (this.#stage === 'open' && !this.#blocked) {
      const bytes = log.takeUnwritten()
      if (bytes === undefined) break
      counters.bytes.out += bytes.length
      this.#blocked = !this.#socket!.write(bytes)
    }
    if (this.#finishing && !this.#blocked && this.#stage === 'open') this.#socket!.end()
  }

  #connect(): void {
    const socket = openSocket(this.#context)
    const counts = new CountReader()
    this.#socket = socket
    this.#stage = 'connecting'
    this.#blocked = false
    this.#failure = undefined
    this.#giveUpAfter(this.#context.limits.connectTimeoutMs)
    socket.on('error', (error) => {
      this.#failure ??= error
    })
    socket.once('connect', () => this.#greet(socket))
    socket.on('data', (chunk) => {
      this.#context.counters.bytes.in += chunk.length
      if (!counts.push(chunk, (count) => this.#take(count))) socket.destroy()
    })
    socket.on('drain', () => {
      this.#blocked = false
      this.#flush()
    })
    socket.once('end', () => socket.destroy())
    socket.once('close', () => {
      if (this.#stage !== 'stopped') this.#lost()
    })
  }

  #giveUpAfter(delayMs: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#failure = 'timeout'
      this.#socket?.destroy()
    }, delayMs).unref()
  }

  #greet(socket: Socket): void {
    this.#context.counters.connections.opened++
    this.#unreachable = false
    this.#stage = 'greeting'
    this.#giveUpAfter(this.#context.limits.answerTimeoutMs)
    socket.setNoDelay(true)
    socket.setKeepAlive(true, KEEP_ALIVE_MS)
    socket.write(encodeHello({ session: this.#session, dropped: this.#dropped, address: this.#listening }))
  }

  /** The peer has taken `count` frames of this session. */
  #take(count: number): void {
    const { log, counters } = this.#context
    const taken = count - this.#dropped
    if (this.#stage === 'stopped') return
    if (!Number.isSafeInteger(count) || taken < 0 || taken > log.frames) {
      this.#context.say('warn', 'peer acknowledged frames that were not sent', {
        peer: formatAddress(this.#context.address),
        count,
        dropped: this.#dropped,
      })
      this.#socket?.destroy()
      return
    }
    log.dropFirst(taken)
    this.#dropped = count
    counters.frames.out += taken
    if (this.#stage === 'greeting') this.#open()
    else if (taken > 0) this.#attempt = 0
    if (taken > 0) this.#context.progressed()
  }

  #open(): void {
    clearTimeout(this.#timer)
    this.#stage = 'open'
    this.#openedAt = Date.now()
    this.#answered = true
    this.#closedUnanswered = 0
    this.#silent = 0
    this.#context.log.rewind()
    this.#context.answered()
    this.#flush()
  }

  /** The connection is closed, or was never made. */
  #lost(): void {
    const stage = this.#stage
    clearTimeout(this.#timer)
    this.#stage = 'waiting'
    this.#socket = undefined
    if (stage === 'connecting') this.#failed()
    else if (stage === 'greeting') {
      if (this.#isForeign()) return
    } else {
      this.#context.counters.connections.reset++
      if (Date.now() - this.#openedAt > STEADY_MS) this.#attempt = 0
    }
    this.#reconnect()
  }

  #failed(): void {
    const reason = this.#failure ?? 'timeout'
    this.#unreachable = true
    if (reason !== 'timeout' && reason.code === 'ECONNREFUSED') {
      this.#answered = false
      this.#closedUnanswered = 0
      this.#silent = 0
    }
    tellFailedAttempt(this.#context, reason, this.#attempt)
  }

  /** The peer took the connection and did not answer. */
  #isForeign(): boolean {
    const limits = this.#answered ? FOREIGN_AFTER.answered : FOREIGN_AFTER.never
    if (this.#failure === 'timeout') this.#silent++
    else this.#closedUnanswered++
    if (this.#silent < limits.silent && this.#closedUnanswered < limits.closed) return false
    this.stop()
    this.#onForeign(this.#failure === 'timeout' ? 'did not answer' : 'closed the connection instead of answering')
    return true
  }

  get #isStopped(): boolean {
    return this.#stage === 'stopped'
  }

  #reconnect(): void {
    if (this.#finishing && this.#context.log.frames === 0) this.stop()
    // So may have done whoever was told of a failed attempt.
    if (this.#isStopped) return
    const delayMs = retryDelayMs(this.#attempt++, this.#context.limits)
    if (delayMs === 0) this.#connect()
    else this.#timer = setTimeout(() => this.#connect(), delayMs).unref()
  }
}
