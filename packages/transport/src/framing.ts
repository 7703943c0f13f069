/** The longest frame body that is accepted and sent by default: 1 MiB. */
export const DEFAULT_FRAME_LIMIT_BYTES = 1024 * 1024

/** Bytes of the big-endian unsigned length before each body. */
export const FRAME_HEADER_BYTES = 4

export type FrameErrorCode = 'empty' | 'too-long'

/** An invalid frame header. The rest of the stream cannot be read. */
export class FrameError extends Error {
  override readonly name = 'FrameError'

  constructor(
    readonly code: FrameErrorCode,
    /** What a valid length would be, in words. */
    readonly expected: string,
    /** The length in the header, or of the body given to `frame`. */
    readonly found: number,
  ) {
    super(
      `frame ${code === 'empty' ? 'of no bytes' : 'too long'}: expected ${expected}, found ${found} (0x${found.toString(16).padStart(8, '0')})`,
    )
  }
}

function checkLength(length: number, limitBytes: number): void {
  if (length === 0 || length > limitBytes) {
    throw new FrameError(length === 0 ? 'empty' : 'too-long', `a length of 1 to ${limitBytes} bytes`, length)
  }
}

/** Writes the length of a frame at `offset`. The caller has checked it. */
export function writeFrameLength(target: Uint8Array, offset: number, length: number): void {
  target[offset] = length >>> 24
  target[offset + 1] = length >>> 16
  target[offset + 2] = length >>> 8
  target[offset + 3] = length
}

/** The length and the body in one new array, to be sent with one write. Throws `FrameError` for an empty body or one above `limitBytes`. */
export function frame(body: Uint8Array, limitBytes = DEFAULT_FRAME_LIMIT_BYTES): Uint8Array {
  checkLength(body.length, limitBytes)
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + body.length)
  writeFrameLength(bytes, 0, body.length)
  bytes.set(body, FRAME_HEADER_BYTES)
  return bytes
}

const FIRST_ALLOCATION_BYTES = 512

/**
 * Cuts a byte stream into frame bodies, however the network split it.
 *
 * - An empty frame is an error: no protocol here has empty messages, and zeros are the most common garbage.
 * - A body within one chunk is passed on as a view of that chunk; a body that spans chunks is copied once or twice.
 * - Memory is at most twice what has arrived, whatever length a header announces.
 * - After `push` has thrown, the decoder is unusable: later pushes throw again.
 */
export class FrameDecoder {
  #header = 0
  #headerBytes = 0
  /** The length of the pending frame; 0 while its header is incomplete. */
  #length = 0
  #body: Uint8Array = new Uint8Array(0)
  #bodyBytes = 0
  #failure: unknown

  /** @param limitBytes the longest body accepted, 1 to 0xFFFFFFFE; a change applies to the frames that begin after it */
  constructor(public limitBytes: number = DEFAULT_FRAME_LIMIT_BYTES) {}

  /** Bytes of an incomplete frame, including its header; 0 between frames. */
  get pendingBytes(): number {
    return this.#headerBytes + this.#bodyBytes
  }

  /**
   * Takes the next bytes of the stream and calls `onFrame` with each body that they complete, in order.
   * Throws `FrameError` at the first invalid length, after passing on the frames before it. Errors of `onFrame` pass through.
   */
  push(chunk: Uint8Array, onFrame: (body: Uint8Array) => void): void {
    if (this.#failure !== undefined) throw this.#failure
    try {
      let offset = this.#headerBytes === 0 ? 0 : this.#finishPending(chunk, onFrame)
      while (chunk.length - offset >= FRAME_HEADER_BYTES) {
        const length = ((chunk[offset]! << 24) | (chunk[offset + 1]! << 16) | (chunk[offset + 2]! << 8) | chunk[offset + 3]!) >>> 0
        checkLength(length, this.limitBytes)
        const start = offset + FRAME_HEADER_BYTES
        if (chunk.length - start < length) break
        offset = start + length
        onFrame(chunk.subarray(start, offset))
      }
      if (offset < chunk.length) this.#takeHeaderThenBody(chunk, offset)
    } catch (error) {
      this.#failure = error ?? new Error('the frame handler threw nothing')
      this.#body = new Uint8Array(0)
      throw error
    }
  }

  /** Continues the frame of an earlier chunk; returns how many bytes of this chunk it took. */
  #finishPending(chunk: Uint8Array, onFrame: (body: Uint8Array) => void): number {
    const offset = this.#takeHeaderThenBody(chunk, 0)
    if (this.#length === 0 || this.#bodyBytes < this.#length) return offset
    const body = this.#body.subarray(0, this.#length)
    this.#header = 0
    this.#headerBytes = 0
    this.#length = 0
    this.#body = new Uint8Array(0)
    this.#bodyBytes = 0
    onFrame(body)
    return offset
  }

  /** Stores bytes of the pending frame up to its end; returns the offset after the last byte taken. */
  #takeHeaderThenBody(chunk: Uint8Array, from: number): number {
    let offset = from
    while (this.#headerBytes < FRAME_HEADER_BYTES && offset < chunk.length) {
      this.#header = ((this.#header << 8) | chunk[offset++]!) >>> 0
      if (++this.#headerBytes === FRAME_HEADER_BYTES) {
        checkLength(this.#header, this.limitBytes)
        this.#length = this.#header
      }
    }
    const wanted = Math.min(this.#length - this.#bodyBytes, chunk.length - offset)
    if (wanted <= 0) return offset
    this.#reserve(this.#bodyBytes + wanted)
    this.#body.set(chunk.subarray(offset, offset + wanted), this.#bodyBytes)
    this.#bodyBytes += wanted
    return offset + wanted
  }

  /** Doubles the buffer of the pending body as bytes arrive, up to its length. */
  #reserve(bytes: number): void {
    if (bytes <= this.#body.length) return
    const grown = new Uint8Array(Math.min(this.#length, Math.max(bytes, this.#body.length * 2, FIRST_ALLOCATION_BYTES)))
    grown.set(this.#body.subarray(0, this.#bodyBytes))
    this.#body = grown
  }
}
