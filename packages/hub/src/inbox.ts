import type { FrameOrigin } from '@upon/links/tcp'
import { Fifo } from './fifo'

/** Frames of one connection that are taken as they arrive, in one turn of the event loop; those beyond wait. */
const FRAMES_A_TURN = 64
/** How long a turn goes on with frames that waited. */
const WAITING_BUDGET_MS = 1

/** Most that waits of one connection: as much as a process of ours keeps for a peer. */
export const LIMIT_WAITING_FRAMES = 200_000
export const LIMIT_WAITING_BYTES = 64 * 1024 * 1024
/** Most that waits in all. */
export const LIMIT_WAITING_TOTAL_BYTES = 256 * 1024 * 1024

interface Line {
  readonly key: string
  readonly from: FrameOrigin
  readonly waiting: Fifo<Uint8Array>
  bytes: number
}

export interface InboxOptions {
  take(body: Uint8Array, from: FrameOrigin): void
  /** A frame found no room. */
  refuse(body: Uint8Array, from: FrameOrigin): void
}

/**
 * Frames as they arrive, shared out fairly: a connection that sends more in a turn of the event loop than its share waits, and what waits is taken a frame of
 * each connection in turn, for a millisecond a turn. So no connection keeps the others waiting. Frames of one connection stay in order.
 */
export class Inbox {
  /** Frames taken of each connection in this turn. */
  readonly #taken = new Map<string, number>()
  readonly #lines = new Map<string, Line>()
  readonly #queue = new Fifo<Line>()
  #bytes = 0
  #isScheduled = false

  constructor(private readonly options: InboxOptions) {}

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes
  }

  push(body: Uint8Array, from: FrameOrigin): void {
    this.#schedule()
    const key = `${from.remotePort} ${from.remoteAddress}`
    const line = this.#lines.get(key)
    const taken = line ? FRAMES_A_TURN : (this.#taken.get(key) ?? 0)
    if (taken < FRAMES_A_TURN) {
      this.#taken.set(key, taken + 1)
      this.options.take(body, from)
    } else this.#wait(body, line ?? this.#begin(key, from))
  }

  #wait(body: Uint8Array, line: Line): void {
    const isFull = line.waiting.size >= LIMIT_WAITING_FRAMES || line.bytes + body.length > LIMIT_WAITING_BYTES
    if (isFull || this.#bytes + body.length > LIMIT_WAITING_TOTAL_BYTES) {
      this.options.refuse(body, line.from)
      return
    }
    line.waiting.push(body)
    line.bytes += body.length
    this.#bytes += body.length
  }

  #begin(key: string, from: FrameOrigin): Line {
    const line = { key, from, waiting: new Fifo<Uint8Array>(), bytes: 0 }
    this.#lines.set(key, line)
    this.#queue.push(line)
    return line
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => this.#nextTurn())
  }

  #nextTurn(): void {
    this.#isScheduled = false
    this.#taken.clear()
    const endMs = performance.now() + WAITING_BUDGET_MS
    do {
      const line = this.#queue.shift()
      if (line === undefined) break
      const body = line.waiting.shift()
      if (body === undefined) {
        this.#lines.delete(line.key)
        continue
      }
      this.#queue.push(line)
      line.bytes -= body.length
      this.#bytes -= body.length
      this.options.take(body, line.from)
    } while (performance.now() < endMs)
    if (this.#queue.size > 0) this.#schedule()
  }
}
