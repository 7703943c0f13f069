import type { Socket } from 'node:net'
import { openSocket, type SenderContext } from '../sending/sender'
import { AnswerReader } from './answer-reader'
import type { Answer } from './preamble'

/** How an attempt, or an established connection, ended. */
export type Ending = NodeJS.ErrnoException | 'timeout' | 'stalled' | 'not-ours' | 'closed'

export interface KeptConnectionOwner {
  /** Whether there are frames that the peer has not acknowledged. */
  readonly isWaiting: boolean
  /** The first write. */
  hello(): Uint8Array
  onAnswer(answer: Answer): void
  /** The peer has acknowledged so many frames of the session. */
  onCount(count: number): void
  /** The buffers of the operating system have room again. */
  onDrain(): void
  onClosed(ending: Ending): void
}

/** One attempt to connect to a peer, and the connection that results from it. */
export class KeptConnection {
  readonly startedAt = performance.now()
  /** When the peer answered; 0 before. */
  openedAt = 0
  /** Whether the connection was established and the hello sent. */
  greeted = false
  #stage: 'connecting' | 'greeting' | 'open' | 'closed' = 'connecting'
  readonly #context: SenderContext
  readonly #owner: KeptConnectionOwner
  readonly #socket: Socket
  #timer: NodeJS.Timeout | undefined
  #counts = 0
  #countsBefore = 0

  constructor(context: SenderContext, owner: KeptConnectionOwner) {
    this.#context = context
    this.#owner = owner
    const reader = new AnswerReader({ onAnswer: (answer) => this.#answered(answer), onCount: (count) => this.#counted(count) })
    this.#socket = openSocket(context)
      .on('error', (error) => this.#end(error))
      .once('connect', () => this.#greet())
      .on('data', (chunk: Uint8Array) => {
        context.counters.bytes.in += chunk.length
        if (this.#stage !== 'closed' && !reader.push(chunk)) this.#end('not-ours')
      })
      .on('drain', () => owner.onDrain())
      .once('end', () => this.#end('closed'))
      .once('close', () => this.#end('closed'))
    this.#endAfter(context.limits.connectTimeoutMs)
  }

  get stage() {
    return this.#stage
  }

  /** The buffers of the operating system are full: `onDrain` follows. */
  get isBlocked(): boolean {
    return this.#socket.writableNeedDrain
  }

  write(bytes: Uint8Array): void {
    this.#context.counters.bytes.out += bytes.length
    this.#socket.write(bytes)
    if (this.#timer === undefined) this.#watch()
  }

  /** Ends the connection once everything is written. */
  finish(): void {
    this.#socket.end()
  }

  /** Closes at once; the owner is not notified. */
  destroy(): void {
    this.#stage = 'closed'
    clearTimeout(this.#timer)
    this.#socket.destroy()
  }

  #end(ending: Ending): void {
    if (this.#stage === 'closed') return
    this.destroy()
    this.#owner.onClosed(ending)
  }

  #greet(): void {
    if (this.#stage === 'closed') return
    this.#context.counters.connections.opened++
    this.#stage = 'greeting'
    this.greeted = true
    this.#endAfter(this.#context.limits.answerTimeoutMs)
    this.#socket.setNoDelay(true)
    this.#socket.write(this.#owner.hello())
  }

  #answered(answer: Answer): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (answer.refusal === undefined) {
      this.#stage = 'open'
      this.openedAt = performance.now()
    }
    this.#owner.onAnswer(answer)
  }

  #counted(count: number): void {
    this.#counts++
    if (this.#stage === 'open') this.#owner.onCount(count)
  }

  #endAfter(delayMs: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#afterReading(() => this.#end('timeout')), delayMs).unref()
  }

  /** Runs while there is something to acknowledge: an idle connection has no timer. */
  #watch(): void {
    this.#countsBefore = this.#counts
    this.#timer = setTimeout(() => this.#afterReading(() => this.#judge()), this.#context.limits.stallMs).unref()
  }

  #judge(): void {
    this.#timer = undefined
    if (!this.#owner.isWaiting) return
    if (this.#counts !== this.#countsBefore) this.#watch()
    else {
      this.#context.counters.connections.stalled++
      this.#end('stalled')
    }
  }

  /** If it was this process that was frozen, what arrived in the meantime is read first. */
  #afterReading(judge: () => void): void {
    const { stage } = this
    setImmediate(() => {
      if (this.#stage === stage && stage !== 'closed') judge()
    })
  }
}
