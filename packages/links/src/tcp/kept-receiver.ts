import type { Socket } from 'node:net'
import { COUNT_BYTES, encodeAnswer, writeCount } from './preamble'
import type { Session } from './sessions'

const ACKNOWLEDGE_FRAMES = 1_024
const ACKNOWLEDGE_BYTES = 256 * 1024
const ACKNOWLEDGE_AFTER_MS = 10

/**
 * Our side of a kept connection that came in: answers the preamble, and acknowledges what has been taken,
 * every 1,024 frames or 256 KiB, and at the latest 10 ms after a frame.
 */
export class KeptReceiver {
  readonly #socket: Socket
  readonly #session: Session
  #acknowledged: number
  #bytes = 0
  #timer: NodeJS.Timeout | undefined
  #armed = false

  constructor(socket: Socket, session: Session) {
    this.#socket = socket
    this.#session = session
    this.#acknowledged = session.taken
    socket.setNoDelay(true)
    socket.setKeepAlive(true, 30_000)
    socket.write(encodeAnswer(session.taken))
  }

  frameTaken(): void {
    this.#session.taken++
  }

  /** A chunk of the stream is done with. */
  chunkTaken(bytes: number): void {
    this.#bytes += bytes
    const frames = this.#session.taken - this.#acknowledged
    if (frames >= ACKNOWLEDGE_FRAMES || (frames > 0 && this.#bytes >= ACKNOWLEDGE_BYTES)) this.acknowledge()
    else if (frames > 0) this.#arm()
  }

  acknowledge(): void {
    const { taken } = this.#session
    if (taken === this.#acknowledged || !this.#socket.writable) return
    // A sender that does not read gets no more to buffer; counts are cumulative, so a later one will do.
    if (this.#socket.writableNeedDrain) {
      this.#arm()
      return
    }
    this.#acknowledged = taken
    this.#bytes = 0
    const count = new Uint8Array(COUNT_BYTES)
    writeCount(count, 0, taken)
    this.#socket.write(count)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#armed = true
    this.#session.disconnect = undefined
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
