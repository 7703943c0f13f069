import { FRAME_HEADER_BYTES } from '../../framing'
import { COUNT_BYTES, readCount } from './fields'
import { type Answer, decodeAnswer, GREETING_LIMIT_BYTES, MAGIC } from './preamble'

const ANSWER_START = MAGIC.length + FRAME_HEADER_BYTES

export interface AnswerListener {
  onAnswer(answer: Answer): void
  /** The last complete count of a chunk. */
  onCount(count: number): void
}

/** Reads what the acceptor of a kept connection sends: the magic bytes, the answer, then counts. */
export class AnswerReader {
  readonly #listener: AnswerListener
  #pending: Uint8Array = new Uint8Array(0)
  #answered = false

  constructor(listener: AnswerListener) {
    this.#listener = listener
  }

  /** Returns false if the stream is not that of an acceptor. */
  push(chunk: Uint8Array): boolean {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    if (!this.#answered && !this.#readAnswer()) return false
    if (this.#answered) this.#readCounts()
    this.#pending = new Uint8Array(this.#pending) // keeps the rest alone, not the chunk
    return true
  }

  #readAnswer(): boolean {
    const bytes = this.#pending
    for (let i = 0; i < Math.min(MAGIC.length, bytes.length); i++) if (bytes[i] !== MAGIC[i]) return false
    if (bytes.length < ANSWER_START) return true
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length)
    if (length > GREETING_LIMIT_BYTES) return false
    if (bytes.length < ANSWER_START + length) return true
    const answer = decodeAnswer(bytes.subarray(ANSWER_START, ANSWER_START + length))
    if (answer === undefined) return false
    this.#answered = true
    this.#pending = bytes.subarray(ANSWER_START + length)
    this.#listener.onAnswer(answer)
    return true
  }

  #readCounts(): void {
    const end = this.#pending.length - (this.#pending.length % COUNT_BYTES)
    if (end === 0) return
    const count = readCount(this.#pending, end - COUNT_BYTES)
    this.#pending = this.#pending.subarray(end)
    this.#listener.onCount(count)
  }
}
