import { FrameDecoder } from '../../framing'
import { GREETING_LIMIT_BYTES, MAGIC } from '../kept/preamble'

/** Cuts the bytes of a connection into frames, and recognises the preamble of a kept connection by its first bytes. */
export class ConnectionDecoder {
  readonly #limitBytes: number
  readonly #onBody: (body: Uint8Array) => void
  readonly #onMagic: () => void
  readonly #decoder: FrameDecoder
  #isDecided = false
  #magicBytes = 0

  /** @param onMagic the next body is a hello; `limitBytes` applies again from `greeted` on */
  constructor(limitBytes: number, onBody: (body: Uint8Array) => void, onMagic: () => void) {
    this.#limitBytes = limitBytes
    this.#onBody = onBody
    this.#onMagic = onMagic
    this.#decoder = new FrameDecoder(limitBytes)
  }

  /** Bytes of an incomplete frame or preamble. */
  get pendingBytes(): number {
    return this.#decoder.pendingBytes + (this.#isDecided ? 0 : this.#magicBytes)
  }

  greeted(): void {
    this.#decoder.limitBytes = this.#limitBytes
  }

  /** Throws `FrameError`, as `FrameDecoder.push` does. */
  push(chunk: Uint8Array): void {
    const offset = this.#isDecided ? 0 : this.#readMagic(chunk)
    if (offset < chunk.length) this.#decoder.push(offset === 0 ? chunk : chunk.subarray(offset), this.#onBody)
  }

  /** Compares the first bytes with the preamble; returns how many bytes of the chunk belong to it. */
  #readMagic(chunk: Uint8Array): number {
    let offset = 0
    while (this.#magicBytes < MAGIC.length && offset < chunk.length && chunk[offset] === MAGIC[this.#magicBytes]) {
      this.#magicBytes++
      offset++
    }
    if (this.#magicBytes === MAGIC.length) {
      this.#isDecided = true
      this.#decoder.limitBytes = GREETING_LIMIT_BYTES
      this.#onMagic()
    } else if (offset < chunk.length) {
      this.#isDecided = true
      this.#decoder.push(MAGIC.subarray(0, this.#magicBytes), this.#onBody)
    }
    return offset
  }
}
