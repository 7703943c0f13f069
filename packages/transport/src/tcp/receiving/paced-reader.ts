import type { Socket } from 'node:net'

/** How long what one connection sends may keep this process busy in one turn of the event loop: then others come first, and it is not read meanwhile. */
const TURN_MS = 5
/** What one read brings at most. After it, the system's buffers may well have more, of which node would read 2 MiB before it looks at others. */
const FULL_READ_BYTES = 64 * 1024
/** A chunk is taken in pieces of what lately took so long; at first, of so many bytes. */
const FIRST_PIECE_BYTES = 1_024
const SHORTEST_PIECE_BYTES = 256
const LONGEST_PIECE_BYTES = 64 * 1024

/** Reads a socket no faster than what comes is dealt with: piece by piece, in order, a few milliseconds and one full read a turn, and not at all while it is held. */
export class PacedReader {
  readonly #socket: Socket
  readonly #take: (piece: Uint8Array) => void
  readonly #onEnd: () => void
  #pieceBytes = FIRST_PIECE_BYTES
  /** What came and is not taken yet. */
  #waiting: Uint8Array | undefined
  #holds = 0
  #isScheduled = false
  #hasEnded = false
  #isStopped = false

  /** @param onEnd the other side has ended, and all it sent is taken */
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

  /** Takes nothing more, but for the rest of the piece of now, until all such promises have settled. */
  hold(until: Promise<unknown>): void {
    this.#holds++
    this.#socket.pause()
    const release = () => {
      if (--this.#holds === 0) this.#goOn()
    }
    until.then(release, release)
  }

  /** Takes nothing more. Returns what came and was not taken. */
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
    this.#goOn()
  }

  /** The only place that reads on: never while something waits, which would then be overtaken. */
  #goOn(): void {
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
