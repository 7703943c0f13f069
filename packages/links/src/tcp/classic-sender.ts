import type { Socket } from 'node:net'
import { formatAddress } from './address'
import { openSocket, retryDelayMs, type Sender, type SenderContext, tellFailedAttempt } from './sender'

/** Connections to one peer that may be waiting for the network to take their frame; only frames too long for the kernel's buffer wait. */
const UNWRITTEN_CONNECTIONS = 4

/**
 * One connection a frame: connect, write length and body at once, end. What every implementation of the protocol understands.
 *
 * One connection is being opened at a time (more at once were slower on loopback, and frames would overtake each other);
 * the next one opens as soon as it stands. A frame is tried again only while its connection has not stood: after that it may have arrived.
 * A frozen peer costs one attempt at a time, a dead one an attempt each `retryMaxMs`.
 */
export class ClassicSender implements Sender {
  readonly #context: SenderContext
  #connecting: Socket | undefined
  readonly #unwritten = new Set<Socket>()
  #attempt = 0
  #retry: NodeJS.Timeout | undefined
  #paused = false

  constructor(context: SenderContext) {
    this.#context = context
  }

  get settled(): boolean {
    return (this.#paused || this.#context.log.frames === 0 || this.#attempt > 0) && this.#unwritten.size === 0
  }

  wake(): void {
    if (this.#paused || this.#connecting !== undefined || this.#retry !== undefined) return
    if (this.#context.log.frames > 0 && this.#unwritten.size < UNWRITTEN_CONNECTIONS) this.#connect()
  }

  finish(): void {}

  /** Takes no more frames; those on connections that stand may still leave. */
  pause(): void {
    this.#paused = true
    clearTimeout(this.#retry)
    this.#retry = undefined
    this.#attempt = 0
    this.#connecting?.destroy()
    this.#connecting = undefined
  }

  resume(): void {
    this.#paused = false
    this.wake()
  }

  stop(): void {
    this.pause()
    for (const socket of this.#unwritten) socket.destroy()
    this.#unwritten.clear()
  }

  #connect(): void {
    const socket = openSocket(this.#context)
    this.#connecting = socket
    let failure: NodeJS.ErrnoException | 'timeout' = 'timeout'
    const timer = setTimeout(() => socket.destroy(), this.#context.limits.connectTimeoutMs).unref()
    socket.on('error', (error) => {
      failure = error
    })
    socket.once('connect', () => {
      clearTimeout(timer)
      if (this.#connecting === socket) this.#write(socket)
    })
    socket.once('close', () => {
      clearTimeout(timer)
      if (this.#connecting === socket) this.#failed(failure)
      else this.#closed(socket, failure)
    })
  }

  /** The connection stands: from here on its frame is out of our hands. */
  #write(socket: Socket): void {
    const { log, counters } = this.#context
    this.#connecting = undefined
    this.#attempt = 0
    const bytes = log.copyFirst()
    log.dropFirst(1)
    counters.connections.opened++
    counters.frames.out++
    counters.bytes.out += bytes.length
    this.#unwritten.add(socket)
    socket.resume()
    socket.end(bytes, (error?: Error | null) => {
      if (error != null) return
      this.#unwritten.delete(socket)
      socket.destroy()
      this.#context.progressed()
      this.wake()
    })
    this.#context.answered()
    this.wake()
  }

  #failed(failure: NodeJS.ErrnoException | 'timeout'): void {
    this.#connecting = undefined
    tellFailedAttempt(this.#context, failure, this.#attempt++)
    // Whoever was told of the failure may have paused us.
    if (this.#paused) return
    this.#retry = setTimeout(
      () => {
        this.#retry = undefined
        this.wake()
      },
      retryDelayMs(this.#attempt, this.#context.limits),
    ).unref()
  }

  /** A connection that stood is gone; when its frame was not written out, it is lost or arrived in part. */
  #closed(socket: Socket, failure: NodeJS.ErrnoException | 'timeout'): void {
    if (!this.#unwritten.delete(socket)) return
    const { counters, address, say } = this.#context
    counters.connections.reset++
    counters.frames.dropped['connection-lost']++
    say('info', 'connection lost while a frame was being written', {
      peer: formatAddress(address),
      code: failure === 'timeout' ? undefined : failure.code,
    })
    this.#context.progressed()
    this.wake()
  }
}
