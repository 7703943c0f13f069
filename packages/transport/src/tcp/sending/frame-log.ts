import { FRAME_HEADER_BYTES, writeFrameLength } from '../../framing'

const FIRST_SEGMENT_BYTES = 4 * 1024
const SEGMENT_BYTES = 64 * 1024

/** A range of complete encoded frames: `bytes[start, end)`. */
interface Segment {
  readonly bytes: Uint8Array
  start: number
  end: number
  frames: number
  next: Segment | undefined
}

function newSegment(bytes: number): Segment {
  return { bytes: Buffer.allocUnsafeSlow(bytes), start: 0, end: 0, frames: 0, next: undefined }
}

/** Every queue may hold this much, however much the others hold. */
export const GUARANTEED_BYTES = 64 * 1024

/** How many bytes all queues of one endpoint hold. */
export interface QueueBudget {
  bytes: number
  readonly limitBytes: number
}

/**
 * The frames queued for one peer, as the bytes to send. Appending copies the body, so the caller may reuse its array. There is no object per
 * frame, and all that waits leaves in few large writes. Frames stay until `dropFirst`, so that they can be written again.
 * It takes at most twice `limitBytes` of memory.
 */
export class FrameLog {
  #head = newSegment(FIRST_SEGMENT_BYTES)
  #tail = this.#head
  #cursor = this.#head
  /** Everything before this offset of `#cursor` has been returned for writing. */
  #cursorOffset = 0
  #frames = 0
  #bytes = 0

  constructor(
    readonly limitFrames: number,
    readonly limitBytes: number,
    readonly budget: QueueBudget,
  ) {}

  get frames(): number {
    return this.#frames
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Whether a frame fits the limits of this queue, however much the others hold. */
  fitsOwnLimits(body: Uint8Array): boolean {
    return this.#frames < this.limitFrames && this.#bytes + FRAME_HEADER_BYTES + body.length <= this.limitBytes
  }

  /** Returns false, and stores nothing, if the frame would exceed a limit. */
  append(body: Uint8Array): boolean {
    const size = FRAME_HEADER_BYTES + body.length
    if (!this.fitsOwnLimits(body)) return false
    if (this.#bytes + size > GUARANTEED_BYTES && this.budget.bytes + size > this.budget.limitBytes) return false
    let tail = this.#tail
    if (tail.bytes.length - tail.end < size) {
      tail = newSegment(Math.max(SEGMENT_BYTES, size))
      this.#tail.next = tail
      this.#tail = tail
    }
    writeFrameLength(tail.bytes, tail.end, body.length)
    tail.bytes.set(body, tail.end + FRAME_HEADER_BYTES)
    tail.end += size
    tail.frames++
    this.#frames++
    this.#addBytes(size)
    return true
  }

  /** The next bytes that were not returned since `rewind`, or undefined. They do not change until their frames are dropped. */
  takeUnwritten(): Uint8Array | undefined {
    while (this.#cursorOffset === this.#cursor.end && this.#cursor.next !== undefined) {
      this.#cursor = this.#cursor.next
      this.#cursorOffset = this.#cursor.start
    }
    const { bytes, end } = this.#cursor
    if (this.#cursorOffset === end) return undefined
    const unwritten = bytes.subarray(this.#cursorOffset, end)
    this.#cursorOffset = end
    return unwritten
  }

  /** `takeUnwritten` starts with the first frame again. */
  rewind(): void {
    this.#cursor = this.#head
    this.#cursorOffset = this.#head.start
  }

  /** A copy of the first frame with its header. The log must not be empty. */
  copyFirst(): Uint8Array {
    while (this.#head.frames === 0 && this.#head.next !== undefined) this.#removeHead()
    const { bytes, start } = this.#head
    return Uint8Array.prototype.slice.call(bytes, start, start + frameSize(bytes, start))
  }

  /** Removes the first frames; `count` must not exceed `frames`. */
  dropFirst(count: number): void {
    let left = count
    this.#frames -= count
    while (left > 0 && left >= this.#head.frames) {
      left -= this.#head.frames
      this.#removeHead()
    }
    const head = this.#head
    const from = head.start
    for (; left > 0; left--) {
      head.start += frameSize(head.bytes, head.start)
      head.frames--
    }
    this.#addBytes(from - head.start)
    if (this.#cursor === head && this.#cursorOffset < head.start) this.#cursorOffset = head.start
  }

  clear(): void {
    this.dropFirst(this.#frames)
  }

  #addBytes(bytes: number): void {
    this.#bytes += bytes
    this.budget.bytes += bytes
  }

  /** Releases the first segment; if it is the only one, it is reused unless it is too large. */
  #removeHead(): void {
    const head = this.#head
    this.#addBytes(head.start - head.end)
    if (head.next === undefined) {
      if (head.bytes.length > SEGMENT_BYTES) this.#tail = this.#head = newSegment(FIRST_SEGMENT_BYTES)
      else head.start = head.end = head.frames = 0
      this.rewind()
      return
    }
    this.#head = head.next
    if (this.#cursor === head) this.rewind()
  }
}

function frameSize(bytes: Uint8Array, at: number): number {
  return FRAME_HEADER_BYTES + (((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0)
}
