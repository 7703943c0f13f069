import type { Socket } from 'node:net'
import { COUNT_BYTES, writeCount } from './fields'
import { encodeAnswer, type Introduction } from './preamble'
import type { Session } from './sessions'

const ACKNOWLEDGE_FRAMES = 1_024
const ACKNOWLEDGE_BYTES = 256 * 1024
const ACKNOWLEDGE_AFTER_MS = 10
/** How often a sender gets a sign of life while a frame of it takes long, or none is read. */
const STILL_HERE_MS = 250

/**
 * The acceptor's side of a kept connection: answers the hello, and acknowledges frames, every 1,024 frames or 256 KiB and at the latest
 * 10 ms after a frame.
 */
export class KeptReceiver {
  readonly #socket: Socket
  readonly #session: Session
  #acknowledged: number
  #bytes = 0
  #lastCountAt = performance.now()
  #timer: NodeJS.Timeout | undefined
  #armed = false
  #holding: NodeJS.Timeout | undefined

  constructor(socket: Socket, session: Session, introduction: Introduction) {
    this.#socket = socket
    this.#session = session
    this.#acknowledged = session.taken
    socket.setNoDelay(true)
    socket.write(encodeAnswer({ ...introduction, taken: session.taken, refusal: undefined }))
  }

  frameTaken(): void {
    this.#session.taken++
  }

  /** A chunk of the stream has been processed. */
  chunkTaken(bytes: number): void {
    this.#bytes += bytes
    const frames = this.#session.taken - this.#acknowledged
    if (frames === 0) this.#showProgress()
    else if (frames >= ACKNOWLEDGE_FRAMES || this.#bytes >= ACKNOWLEDGE_BYTES) this.acknowledge()
    else this.#arm()
  }

  acknowledge(): void {
    if (this.#session.taken !== this.#acknowledged) this.#sendCount()
  }

  /** Nothing is read until `resume`; signs of life keep the sender from replacing the connection. */
  hold(): void {
    this.#holding ??= setInterval(() => this.#sendCount(), STILL_HERE_MS).unref()
  }

  resume(): void {
    clearInterval(this.#holding)
    this.#holding = undefined
  }

  stop(): void {
    this.resume()
    clearTimeout(this.#timer)
    this.#armed = true
  }

  /** A frame takes long: a sign of life keeps the sender from replacing the connection. */
  #showProgress(): void {
    if (performance.now() - this.#lastCountAt > STILL_HERE_MS) this.#sendCount()
  }

  #sendCount(): void {
    const { taken } = this.#session
    if (!this.#socket.writable) return
    // Do not buffer for a sender that does not read: counts are cumulative, so a later one will do.
    if (this.#socket.writableNeedDrain) {
      this.#arm()
      return
    }
    this.#acknowledged = taken
    this.#bytes = 0
    this.#lastCountAt = performance.now()
    const count = new Uint8Array(COUNT_BYTES)
    writeCount(count, 0, taken)
    this.#socket.write(count)
  }

  #arm(): void {
    if (this.#armed) return
    this.#armed = true
    if (this.#timer === undefined) this.#timer = setTimeout(this.#expired, ACKNOWLEDGE_AFTER_MS).unref()
    else this.#timer.refresh()
  }

  readonly #expired = (): void => {
    this.#armed = false
    this.acknowledge()
  }
}
