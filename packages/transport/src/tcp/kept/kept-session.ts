import { randomBytes } from 'node:crypto'
import type { Address } from '../../address'
import type { FrameLog } from '../sending/frame-log'
import { encodeHello, type Introduction } from './preamble'

/** How far the frames of one sender have got, over all its connections. They are numbered from its beginning, and stay in the log until they are taken. */
export class KeptSession {
  readonly #id = randomBytes(16).toString('hex')
  readonly #log: FrameLog
  #connections = 0
  #taken = 0
  /** The incarnation that answered last, and whether it may have taken what it did not acknowledge. */
  #expected: string | undefined
  #isDoubtful = false

  constructor(log: FrameLog) {
    this.#log = log
  }

  /** How many frames the peer has taken. */
  get taken(): number {
    return this.#taken
  }

  /** There is another connection than before. */
  connecting(): void {
    this.#connections++
  }

  hello(introduction: Introduction, address: Address): Uint8Array {
    const [session, dropped, connection] = [this.#id, this.#taken, this.#connections]
    const [expected, doubtful] = [this.#expected, this.#isDoubtful]
    return encodeHello({ ...introduction, session, dropped, address, connection, expected, doubtful })
  }

  /** Who has answered goes on with this session. */
  answered(incarnation: string): void {
    if (incarnation !== this.#expected) this.#isDoubtful = false
    this.#expected = incarnation
  }

  /** The next bytes to write, if there are any. */
  takeUnwritten(): Uint8Array | undefined {
    const bytes = this.#log.takeUnwritten()
    if (bytes !== undefined) this.#isDoubtful = true
    return bytes
  }

  /** The peer says that it has taken `count` frames: returns how many more than before, or `undefined` if that cannot be. */
  take(count: number): number | undefined {
    const more = count - this.#taken
    if (!Number.isSafeInteger(count) || more < 0 || more > this.#log.frames) return undefined
    this.#log.dropFirst(more)
    this.#taken = count
    if (this.#log.frames === 0) this.#isDoubtful = false
    return more
  }
}
