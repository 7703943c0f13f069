import type { Socket } from 'node:net'
import { formatAddress } from '../net/address'
import { openSocket, retryDelayMs, type Sender, type SenderContext, tellFailedAttempt } from './sender'

/** Shortest time-out for connecting. */
const LEAST_PATIENCE_MS = 25

const destroy = (socket: Socket) => {
  socket.destroy()
}

/** With one only, a busy process would send one frame a turn of its event loop. */
const CONNECTING_AT_ONCE = 8

/**
 * One connection a frame: connect, write length and body at once, close. What every implementation of the protocol understands.
 *
 * Up to eight connections are being opened at a time; whichever stands first takes the first frame, and is closed as soon as the kernel has
 * it. So frames reach the peer in order, as far as connections come to stand, and are read, in the order that they were begun; one longer
 * than the receiver's buffers may be overtaken by the next.
 * A frame is tried again only while its connection has not stood: after that it may have arrived.
 *
 * A peer whose backlog of connections is full lets a connection hang for a second or more, also when it is free again by then. So a first
 * attempt is given up after 25 ms or four times what connecting last took, and each further one after twice as long, up to `connectTimeoutMs`.
 * A frozen peer costs one attempt at a time once the first have failed, a dead one an attempt each `retryMaxMs`.
 */
export class ClassicSender implements Sender {
  readonly #context: SenderContext
  readonly #connecting = new Set<Socket>()
  /** The connection whose frame does not fit the kernel's buffers yet. */
  #blocked: Socket | undefined
  /** Connections that stand and are not ended yet. */
  readonly #ending = new Set<Socket>()
  #attempt = 0
  #patienceMs = LEAST_PATIENCE_MS
  #retry: NodeJS.Timeout | undefined
  #paused = false

  constructor(context: SenderContext) {
    this.#context = context
  }

  get settled(): boolean {
    return (this.#paused || this.#context.log.frames === 0 || this.#attempt > 0) && this.#ending.size === 0
  }

  wake(): void {
    if (this.#paused || this.#blocked !== undefined || this.#retry !== undefined) return
    const wanted = Math.min(this.#context.log.frames, this.#attempt === 0 ? CONNECTING_AT_ONCE : 1)
    while (this.#connecting.size < wanted) this.#connect()
  }

  finish(): void {}

  /** Takes no more frames; those on connections that stand may still leave. */
  pause(): void {
    this.#paused = true
    clearTimeout(this.#retry)
    this.#retry = undefined
    this.#attempt = 0
    this.#giveUp()
  }

  resume(): void {
    this.#paused = false
    this.wake()
  }

  stop(): void {
    this.pause()
    for (const socket of this.#ending) socket.destroy()
    this.#ending.clear()
  }

  /** No frame is on any of those yet. */
  #giveUp(): void {
    const given = [...this.#connecting]
    this.#connecting.clear()
    for (const socket of given) socket.destroy()
  }

  #connect(): void {
    const socket = openSocket(this.#context).pause() // nothing comes back on it
    this.#connecting.add(socket)
    let failure: NodeJS.ErrnoException | 'timeout' = 'timeout'
    const startedAt = performance.now()
    // What has come in meanwhile goes first: it may be us who were slow.
    const giveUp = () => setImmediate(() => this.#connecting.has(socket) && socket.destroy())
    const timer = setTimeout(giveUp, Math.min(this.#patienceMs, this.#context.limits.connectTimeoutMs)).unref()
    socket.on('error', (error) => {
      failure = error
    })
    socket.once('connect', () => {
      clearTimeout(timer)
      this.#patienceMs = Math.max(LEAST_PATIENCE_MS, 4 * (performance.now() - startedAt))
      if (this.#connecting.delete(socket)) this.#write(socket)
    })
    socket.once('close', () => {
      clearTimeout(timer)
      if (this.#connecting.delete(socket)) this.#failed(failure)
      else this.#closed(socket, failure)
    })
  }

  /** The connection stands: from here on its frame is out of our hands. */
  #write(socket: Socket): void {
    const { log, counters } = this.#context
    this.#attempt = 0
    const bytes = log.copyFirst()
    log.dropFirst(1)
    counters.connections.opened++
    counters.frames.out++
    counters.bytes.out += bytes.length
    this.#ending.add(socket)
    socket.write(bytes, (error?: Error | null) => {
      if (error != null) return
      this.#ended(socket)
      process.nextTick(destroy, socket) // at once, Node would make an error, with a stack, that nobody sees
    })
    if (socket.writableLength > 0) this.#blocked = socket
    this.#context.answered()
    this.wake()
  }

  #failed(failure: NodeJS.ErrnoException | 'timeout'): void {
    this.#giveUp()
    if (failure === 'timeout') this.#patienceMs = Math.min(2 * this.#patienceMs, this.#context.limits.connectTimeoutMs)
    tellFailedAttempt(this.#context, failure, this.#attempt++)
    // Whoever was told of the failure may have paused us.
    if (this.#paused) return
    this.#retry = setTimeout(
      () => {
        this.#retry = undefined
        this.wake()
      },
      retryDelayMs(this.#attempt, 0, this.#context.limits),
    ).unref()
  }

  /** A connection that stood is gone; when its frame was not written out, it is lost or arrived in part. */
  #closed(socket: Socket, failure: NodeJS.ErrnoException | 'timeout'): void {
    if (!this.#ending.has(socket)) return
    const { counters, address, say } = this.#context
    counters.connections.reset++
    counters.frames.dropped['connection-lost']++
    say('info', 'connection lost while a frame was being written', {
      peer: formatAddress(address),
      code: failure === 'timeout' ? undefined : failure.code,
    })
    this.#ended(socket)
  }

  #ended(socket: Socket): void {
    this.#ending.delete(socket)
    if (this.#blocked === socket) this.#blocked = undefined
    this.#context.progressed()
    this.wake()
  }
}
