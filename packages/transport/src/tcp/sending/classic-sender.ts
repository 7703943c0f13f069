import { formatAddress } from '../../address'
import { ClassicConnection, type ClassicConnectionOwner, type ClassicFailure } from './classic-connection'
import { reportFailedAttempt, retryDelayMs, type Sender, type SenderContext } from './sender'

/** The shortest time-out for connecting. */
const LEAST_PATIENCE_MS = 25

/** With only one, a busy process would send one frame per turn of its event loop. */
const CONNECTING_AT_ONCE = 8

/**
 * One connection per frame: connect, write length and body in one write, close. Every implementation of the protocol understands it.
 *
 * At most eight connections are being opened at a time, and never more than there are frames. The first one that is established carries the first
 * frame, and is closed as soon as the kernel has it. So frames reach the peer in order if connections are established and read in the order in which
 * they were opened; a frame longer than the buffers of the receiver may be overtaken by the next one.
 * A frame is retried only while its connection is not established: after that it may have arrived. An established connection is never closed without
 * its frame, because some listeners crash on that.
 *
 * If the backlog of the peer is full, a connection attempt hangs for a second or more, even if there is room again by then. So the first attempt
 * is given up after 25 ms or four times what connecting last took, and each further one after twice as long, up to `connectTimeoutMs`.
 * A frozen peer costs one attempt at a time once the first have failed, a dead one an attempt every `retryMaxMs`.
 */
export class ClassicSender implements Sender, ClassicConnectionOwner {
  readonly #context: SenderContext
  readonly #connecting = new Set<ClassicConnection>()
  /** Established connections whose frame has not left yet. */
  readonly #ending = new Set<ClassicConnection>()
  /** The one of them whose frame does not fit the buffers of the kernel yet. */
  #blocked: ClassicConnection | undefined
  #attempt = 0
  #patienceMs = LEAST_PATIENCE_MS
  #watch: NodeJS.Timeout | undefined
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
    while (this.#connecting.size < wanted) this.#connecting.add(new ClassicConnection(this.#context, this))
    if (this.#connecting.size > 0) this.#watch ??= setTimeout(() => this.#expired(), this.#patience).unref()
  }

  finish(): void {}

  /** Opens no more connections; frames on established ones may still leave. */
  pause(): void {
    this.#paused = true
    clearTimeout(this.#retry)
    clearTimeout(this.#watch)
    this.#retry = undefined
    this.#watch = undefined
    this.#attempt = 0
    this.#giveUp()
  }

  stop(): void {
    this.pause()
    // a connection that is just being established sends its frame and closes by itself
    for (const connection of this.#ending) if (!connection.connecting) connection.destroy()
    this.#ending.clear()
  }

  onConnected(connection: ClassicConnection): void {
    this.#patienceMs = Math.max(LEAST_PATIENCE_MS, 4 * (performance.now() - connection.startedAt))
    if (!this.#connecting.has(connection)) return
    this.#give(connection)
    this.wake()
  }

  onWritten(connection: ClassicConnection): void {
    this.#ended(connection)
  }

  onClosed(connection: ClassicConnection, failure: ClassicFailure): void {
    if (this.#connecting.delete(connection)) this.#failed(failure)
    else if (this.#ending.has(connection)) this.#broken(connection, failure)
  }

  get #patience(): number {
    return Math.min(this.#patienceMs, this.#context.limits.connectTimeoutMs)
  }

  /** The connection is established: from here on its frame cannot be taken back. */
  #give(connection: ClassicConnection): void {
    const { log, counters } = this.#context
    this.#connecting.delete(connection)
    this.#attempt = 0
    const bytes = log.copyFirst()
    log.dropFirst(1)
    counters.connections.opened++
    counters.frames.out++
    counters.bytes.out += bytes.length
    this.#ending.add(connection)
    connection.carry(bytes)
    if (connection.writableLength > 0) this.#blocked = connection
    this.#context.answered()
  }

  /** Closes attempts that are not established; the others carry frames. */
  #giveUp(): void {
    for (const connection of [...this.#connecting]) {
      if (connection.isEstablished) this.#give(connection)
      else {
        this.#connecting.delete(connection)
        connection.destroy()
      }
    }
  }

  /** What has come in goes first, in case this process was slow. */
  #expired(): void {
    setImmediate(() => {
      this.#watch = undefined
      const [oldest] = this.#connecting
      if (oldest === undefined || this.#paused) return
      if (performance.now() - oldest.startedAt >= this.#patience) this.#failed('timeout')
      else this.wake()
    })
  }

  #failed(failure: ClassicFailure): void {
    this.#giveUp()
    if (failure === 'timeout') this.#patienceMs = Math.min(2 * this.#patienceMs, this.#context.limits.connectTimeoutMs)
    reportFailedAttempt(this.#context, failure, this.#attempt++)
    // A callback for the failure may have paused this sender.
    if (this.#paused) return
    this.#retry = setTimeout(
      () => {
        this.#retry = undefined
        this.wake()
      },
      retryDelayMs(this.#attempt, 0, this.#context.limits),
    ).unref()
  }

  /** An established connection is gone. If its frame was not written completely, it is lost or has arrived in part. */
  #broken(connection: ClassicConnection, failure: ClassicFailure): void {
    const { counters, address, say } = this.#context
    counters.connections.reset++
    counters.frames.dropped['connection-lost']++
    say('info', 'connection lost while a frame was being written', {
      peer: formatAddress(address),
      code: failure === 'timeout' ? undefined : failure.code,
    })
    this.#ended(connection)
  }

  #ended(connection: ClassicConnection): void {
    this.#ending.delete(connection)
    if (this.#blocked === connection) this.#blocked = undefined
    this.#context.progressed()
    this.wake()
  }
}
