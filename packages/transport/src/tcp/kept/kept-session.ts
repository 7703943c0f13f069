import { randomBytes } from 'node:crypto'
import type { Address } from '../../address'
import type { FrameLog } from '../sending/frame-log'
import { encodeHello, type Introduction } from './preamble'

/** The progress of one sender over all its connections. Frames are numbered from its beginning, and stay in the log until they are acknowledged. */
export class KeptSession {
  readonly #id = randomBytes(16).toString('hex')
  readonly #log: FrameLog
  #connections = 0
  #taken = 0
  /** The incarnation that answered last, and whether it may have received frames that it did not acknowledge. */
  #expected: string | undefined
  #isDoubtful = false

  constructor(log: FrameLog) {
    this.#log = log
  }

  /** How many frames the peer has acknowledged. */
  get taken(): number {
    return this.#taken
  }

  /** A new connection begins. */
  connecting(): void {
    this.#connections++
  }

  hello(introduction: Introduction, address: Address): Uint8Array {
    const [session, dropped, connection] = [this.#id, this.#taken, this.#connections]
    const [expected, doubtful] = [this.#expected, this.#isDoubtful]
    return encodeHello({ ...introduction, session, dropped, address, connection, expected, doubtful })
  }

  /** This incarnation has accepted the session. */
  answered(incarnation: string): void {
    if (incarnation !== this.#expected) this.#isDoubtful = false
    this.#expected = incarnation
  }

  /** The next bytes to write, if any. */
  takeUnwritten(): Uint8Array | undefined {
    const bytes = this.#log.takeUnwritten()
    if (bytes !== undefined) this.#isDoubtful = true
    return bytes
  }

  /** The peer acknowledges `count` frames in all: returns how many more than before, or `undefined` for an impossible count. */
  take(count: number): number | undefined {
    const more = count - this.#taken
    if (!Number.isSafeInteger(count) || more < 0 || more > this.#log.frames) return undefined
    this.#log.dropFirst(more)
    this.#taken = count
    if (this.#log.frames === 0) this.#isDoubtful = false
    return more
  }
}
