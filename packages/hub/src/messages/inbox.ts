import type { FrameOrigin } from '@upon/transport/tcp'
import { Fifo } from './fifo'

/** What is taken of a connection as it arrives, in one turn of the event loop; what is beyond it waits. */
const FRAMES_A_TURN = 16
const BYTES_A_TURN = 16 * 1024
/** How long a turn goes on with frames that waited. */
const WAITING_BUDGET_MS = 0.1

/** All that the hub does not know have one share together, however many connections they open. */
const STRANGERS = ''

interface Line {
  readonly key: string
  readonly from: FrameOrigin
  readonly waiting: Fifo<Uint8Array>
  /** Nothing is taken before that turn: a long frame takes as many turns as it has shares of bytes. */
  fromTurn: number
  /** The last one was taken. */
  emptied(): void
}

interface Share {
  frames: number
  bytes: number
}

/**
 * Frames as they arrive, shared out fairly: a connection that sends more in a turn of the event loop than its share waits, and what waits is taken a frame of
 * each connection in turn, for a tenth of a millisecond a turn. Meanwhile nothing more is read from it, and after a long frame for
 * as many turns as it has shares of bytes. Senders that the hub does not know share one such budget, so that many connections get no more than one. So no
 * connection keeps the others waiting, and none has more waiting here than one read gives. Frames of one connection stay in order.
 */
export class Inbox {
  /** What was taken of each connection in this turn. */
  readonly #shares = new Map<string, Share>()
  readonly #lines = new Map<string, Line>()
  readonly #queue = new Fifo<Line>()
  #bytes = 0
  #turn = 0
  #isScheduled = false

  /** `isKnown`: whether a frame is of somebody that the hub knows. */
  constructor(
    private readonly take: (body: Uint8Array, from: FrameOrigin) => void,
    private readonly isKnown: (body: Uint8Array, from: FrameOrigin) => boolean = () => true,
  ) {}

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes
  }

  /** A promise: read no further from this connection until it settles. */
  push(body: Uint8Array, from: FrameOrigin): Promise<void> | undefined {
    this.#schedule()
    const key = `${from.remotePort} ${from.remoteAddress}`
    const line = this.#lines.get(key)
    if (line) {
      this.#wait(body, line)
      return undefined
    }
    const sharer = this.isKnown(body, from) ? key : STRANGERS
    const share = this.#shares.get(sharer) ?? { frames: 0, bytes: 0 }
    if (share.frames >= FRAMES_A_TURN || share.bytes >= BYTES_A_TURN) {
      return new Promise((emptied) => {
        this.#wait(body, this.#begin({ key, from, waiting: new Fifo(), fromTurn: this.#turn, emptied }))
      })
    }
    share.frames += 1
    share.bytes += body.length
    this.#shares.set(sharer, share)
    this.take(body, from)
    if (body.length < BYTES_A_TURN) return undefined
    return new Promise((emptied) => {
      this.#begin({ key, from, waiting: new Fifo(), fromTurn: this.#turnAfter(body), emptied })
    })
  }

  #turnAfter(body: Uint8Array): number {
    return this.#turn + Math.floor(body.length / BYTES_A_TURN)
  }

  #begin(line: Line): Line {
    this.#lines.set(line.key, line)
    this.#queue.push(line)
    return line
  }

  #wait(body: Uint8Array, line: Line): void {
    line.waiting.push(body)
    this.#bytes += body.length
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => this.#nextTurn())
  }

  #nextTurn(): void {
    this.#isScheduled = false
    this.#shares.clear()
    this.#turn += 1
    const endMs = performance.now() + WAITING_BUDGET_MS
    let passed = 0
    do {
      const line = this.#queue.shift()
      if (line === undefined) break
      if (line.fromTurn > this.#turn) {
        this.#queue.push(line)
        passed += 1
      } else {
        passed = 0
        this.#takeOne(line)
      }
    } while (passed < this.#queue.size && performance.now() < endMs)
    if (this.#queue.size > 0) this.#schedule()
  }

  #takeOne(line: Line): void {
    const body = line.waiting.shift()
    if (body === undefined) {
      this.#lines.delete(line.key)
      line.emptied()
      return
    }
    this.#queue.push(line)
    this.#bytes -= body.length
    line.fromTurn = this.#turnAfter(body)
    this.take(body, line.from)
  }
}
