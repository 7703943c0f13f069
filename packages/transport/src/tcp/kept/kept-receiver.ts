import type { Socket } from 'node:net'
import { COUNT_BYTES, encodeAnswer, type Introduction, writeCount } from './preamble'
import type { Session } from './sessions'

const ACKNOWLEDGE_FRAMES = 1_024
const ACKNOWLEDGE_BYTES = 256 * 1024
const ACKNOWLEDGE_AFTER_MS = 10
/** How often a sender is told that we are there, while its frame takes long, or none is read. */
const STILL_HERE_MS = 250

/**
 * Our side of a kept connection that came in: answers the preamble, and acknowledges what has been taken,
 * every 1,024 frames or 256 KiB, and at the latest 10 ms after a frame.
 */
export class KeptReceiver {
  readonly #socket: Socket
  readonly #session: Session
  #acknowledged: number
  #bytes = 0
  #toldAt = performance.now()
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

  /** A chunk of the stream is done with. */
  chunkTaken(bytes: number): void {
    this.#bytes += bytes
    const frames = this.#session.taken - this.#acknowledged
    if (frames === 0) this.#tellOfReading()
    else if (frames >= ACKNOWLEDGE_FRAMES || this.#bytes >= ACKNOWLEDGE_BYTES) this.acknowledge()
    else this.#arm()
  }

  acknowledge(): void {
    if (this.#session.taken !== this.#acknowledged) this.#tell()
  }

  /** Nothing is read until `goOn`: its sender must not think that what it sends vanishes. */
  hold(): void {
    this.#holding ??= setInterval(() => this.#tell(), STILL_HERE_MS).unref()
  }

  goOn(): void {
    clearInterval(this.#holding)
    this.#holding = undefined
  }

  stop(): void {
    this.goOn()
    clearTimeout(this.#timer)
    this.#armed = true
  }

  /** A frame takes long: its sender must not think that its bytes vanish. */
  #tellOfReading(): void {
    if (performance.now() - this.#toldAt > STILL_HERE_MS) this.#tell()
  }

  #tell(): void {
    const { taken } = this.#session
    if (!this.#socket.writable) return
    // A sender that does not read gets no more to buffer; counts are cumulative, so a later one will do.
    if (this.#socket.writableNeedDrain) {
      this.#arm()
      return
    }
    this.#acknowledged = taken
    this.#bytes = 0
    this.#toldAt = performance.now()
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
