import type { Socket } from 'node:net'

/** How long one connection may keep this process busy in one turn of the event loop. After that others come first, and it is not read. */
const TURN_MS = 5
/** The size of a full read. After it, the buffers of the operating system may have more, and Node would read 2 MiB before it serves others. */
const FULL_READ_BYTES = 64 * 1024
/** A chunk is processed in pieces whose size follows from how long the last ones took; at first, of so many bytes. */
const FIRST_PIECE_BYTES = 1_024
const SHORTEST_PIECE_BYTES = 256
const LONGEST_PIECE_BYTES = 64 * 1024

/** Reads a socket no faster than its data is processed: piece by piece, in order, for a few milliseconds and one full read per turn, and not at all while it is held. */
export class PacedReader {
  readonly #socket: Socket
  readonly #take: (piece: Uint8Array) => void
  readonly #onEnd: () => void
  #pieceBytes = FIRST_PIECE_BYTES
  /** What was read and is not processed yet. */
  #waiting: Uint8Array | undefined
  #holds = 0
  #isScheduled = false
  #hasEnded = false
  #isStopped = false

  /** @param onEnd the other side has ended, and all it sent is processed */
  constructor(socket: Socket, take: (piece: Uint8Array) => void, onEnd: () => void) {
    this.#socket = socket
    this.#take = take
    this.#onEnd = onEnd
    socket.on('data', (chunk) => this.#takeTurn(chunk))
    socket.once('end', () => {
      this.#hasEnded = true
      if (this.#waiting === undefined) this.#end()
    })
  }

  get isHeld(): boolean {
    return this.#holds > 0
  }

  /** After the current piece, processes nothing more until all such promises have settled. */
  hold(until: Promise<unknown>): void {
    this.#holds++
    this.#socket.pause()
    const release = () => {
      if (--this.#holds === 0) this.#resume()
    }
    until.then(release, release)
  }

  /** Processes nothing more. Returns what was read and not processed. */
  stop(): Uint8Array | undefined {
    const waiting = this.#waiting
    this.#waiting = undefined
    this.#isStopped = true
    return waiting
  }

  #takeTurn(chunk: Uint8Array): void {
    const startedAt = performance.now()
    let at = 0
    let spentMs = 0
    while (at < chunk.length && spentMs < TURN_MS && !this.isHeld && !this.#isStopped) {
      const bytes = Math.min(this.#pieceBytes, chunk.length - at)
      this.#take(at === 0 && bytes === chunk.length ? chunk : chunk.subarray(at, at + bytes))
      at += bytes
      const nowMs = performance.now() - startedAt
      const fitting = (bytes * TURN_MS) / Math.max(nowMs - spentMs, 0.001)
      this.#pieceBytes = Math.ceil(Math.min(Math.max(fitting, SHORTEST_PIECE_BYTES), LONGEST_PIECE_BYTES))
      spentMs = nowMs
    }
    const isTurnOver = at < chunk.length || spentMs >= TURN_MS || chunk.length >= FULL_READ_BYTES
    this.#waiting = isTurnOver ? chunk.subarray(at) : undefined
    this.#resume()
  }

  /** The only place that resumes reading: never while something waits, which would be overtaken. */
  #resume(): void {
    if (this.#isStopped || this.isHeld) return
    if (this.#waiting !== undefined) this.#takeNextTurn()
    else if (this.#hasEnded) this.#end()
    else if (this.#socket.isPaused()) this.#socket.resume()
  }

  #takeNextTurn(): void {
    this.#socket.pause()
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      if (this.#waiting !== undefined && !this.isHeld && !this.#isStopped) this.#takeTurn(this.#waiting)
    })
  }

  #end(): void {
    this.#hasEnded = false
    if (!this.#isStopped) this.#onEnd()
  }
}
