import type { Socket } from 'node:net'
import { type Address, plainAddress } from '../net/address'
import type { Log } from '../net/log-limit'
import type { EndpointCounters, MalformedReason } from './counters'
import { FRAME_HEADER_BYTES, FrameDecoder, FrameError } from './framing'
import { KeptReceiver } from './kept-receiver'
import type { EndpointLimits } from './limits'
import { decodeHello, encodeAnswer, GREETING_LIMIT_BYTES, type Hello, MAGIC, type Refusal } from './preamble'
import type { Reception, Welcome } from './reception'

/** Where a frame came from. */
export interface FrameOrigin {
  readonly remoteAddress: string
  /** The port of the connection, not the one that the sender listens on. */
  readonly remotePort: number
  /** On kept connections: where the sender listens, as it says, or as `onHello` says. Not verified. */
  readonly peer?: Address
}

export interface IncomingContext {
  readonly limits: EndpointLimits
  readonly counters: EndpointCounters
  readonly reception: Reception
  readonly say: Log
  /** Must not throw. A promise: nothing more is read from the connection until it settles. */
  onFrame(body: Uint8Array, from: FrameOrigin): Promise<unknown> | undefined
  /** A kept connection has begun, from the process that listens at that address. Must not throw. */
  onKept(peer: Address): void
  onClosed(incoming: Incoming): void
}

/** How long the frames of one connection may keep this process busy in one turn of the event loop: then others come first, and it is not read meanwhile. */
const TURN_MS = 5
/** A chunk is taken in pieces of what lately took so long; at first, of so many bytes. */
const FIRST_PIECE_BYTES = 1_024
const SHORTEST_PIECE_BYTES = 256
const LONGEST_PIECE_BYTES = 64 * 1024

const WILDCARD_HOSTS = new Set(['', '0.0.0.0', '::'])
let clock = 0

/** One accepted connection: any number of frames one after the other, or the preamble and frames of a kept connection. */
export class Incoming {
  /** Grows with each whole frame, over all connections: the connection with the least has been without one longest. */
  lastFrameAt = ++clock
  readonly #socket: Socket
  readonly #context: IncomingContext
  readonly #decoder: FrameDecoder
  readonly #deadline: NodeJS.Timeout
  #stage: 'undecided' | 'classic' | 'greeting' | 'kept' | 'ending' | 'closed' = 'undecided'
  #magicBytes = 0
  /** Promises of the frame handler that have not settled. */
  #waits = 0
  #from: FrameOrigin
  #receiver: KeptReceiver | undefined
  #left = (): void => {}
  #pieceBytes = FIRST_PIECE_BYTES
  /** What came and is not taken yet, while others come first. */
  #waiting: Uint8Array | undefined
  /** The other side has ended meanwhile. */
  #hasEnded = false

  constructor(socket: Socket, context: IncomingContext) {
    this.#socket = socket
    this.#context = context
    this.#decoder = new FrameDecoder(context.limits.frameBytes)
    this.#from = { remoteAddress: plainAddress(socket.remoteAddress ?? ''), remotePort: socket.remotePort ?? 0 }
    this.#deadline = setTimeout(() => this.#expired(), context.limits.frameDeadlineMs).unref()
    socket.on('data', (chunk) => this.#read(chunk))
    socket.once('end', () => this.#ended())
    socket.on('error', (error: NodeJS.ErrnoException) => this.#failed(error))
    socket.once('close', () => {
      this.#takeWaiting()
      this.close()
    })
  }

  get kept(): boolean {
    return this.#stage === 'kept'
  }

  get from(): FrameOrigin {
    return this.#from
  }

  /** Closes at once; nothing more is taken from it. */
  close(): void {
    if (this.#stage === 'closed') return
    this.#stage = 'closed'
    clearTimeout(this.#deadline)
    this.#receiver?.acknowledge()
    this.#receiver?.stop()
    this.#left()
    this.#socket.destroy()
    this.#context.onClosed(this)
  }

  #read(chunk: Uint8Array): void {
    this.#context.counters.bytes.in += chunk.length
    this.#takeTurn(chunk)
  }

  #takeTurn(chunk: Uint8Array): void {
    const startedAt = performance.now()
    let at = 0
    let spentMs = 0
    while (at < chunk.length && spentMs < TURN_MS) {
      const bytes = Math.min(this.#pieceBytes, chunk.length - at)
      this.#take(at === 0 && bytes === chunk.length ? chunk : chunk.subarray(at, at + bytes))
      at += bytes
      const nowMs = performance.now() - startedAt
      const fitting = (bytes * TURN_MS) / Math.max(nowMs - spentMs, 0.001)
      this.#pieceBytes = Math.ceil(Math.min(Math.max(fitting, SHORTEST_PIECE_BYTES), LONGEST_PIECE_BYTES))
      spentMs = nowMs
    }
    if (spentMs >= TURN_MS && !this.#isDone) this.#rest(chunk.subarray(at))
    else if (this.#waiting !== undefined) this.#rested()
  }

  #rested(): void {
    this.#waiting = undefined
    if (this.#hasEnded) this.#ended()
    else this.#socket.resume()
  }

  #rest(waiting: Uint8Array): void {
    if (this.#waiting === undefined) this.#socket.pause()
    this.#waiting = waiting
    setImmediate(() => {
      if (this.#waiting !== undefined && !this.#isDone) this.#takeTurn(this.#waiting)
    })
  }

  /** The connection is gone. What came on a kept one and was not taken will come again. */
  #takeWaiting(): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting !== undefined && this.#stage !== 'kept') this.#take(waiting)
  }

  #take(chunk: Uint8Array): void {
    if (this.#isDone) return
    const wasPending = this.#pendingBytes > 0
    const framesBefore = this.lastFrameAt
    try {
      const offset = this.#stage === 'undecided' ? this.#readMagic(chunk) : 0
      if (offset < chunk.length) this.#decoder.push(offset === 0 ? chunk : chunk.subarray(offset), this.#onBody)
    } catch (error) {
      if (!(error instanceof FrameError)) throw error
      this.#malformed(error.code, { expected: error.expected, found: error.found })
      return
    }
    if (this.#isDone) return
    this.#receiver?.chunkTaken(chunk.length)
    if (this.lastFrameAt !== framesBefore || (!wasPending && this.#pendingBytes > 0)) this.#deadline.refresh()
  }

  /** Compares the first bytes with the preamble's; returns how many of the chunk were part of it. */
  #readMagic(chunk: Uint8Array): number {
    let offset = 0
    while (this.#magicBytes < MAGIC.length && offset < chunk.length && chunk[offset] === MAGIC[this.#magicBytes]) {
      this.#magicBytes++
      offset++
    }
    if (this.#magicBytes === MAGIC.length) {
      this.#stage = 'greeting'
      this.#decoder.limitBytes = GREETING_LIMIT_BYTES
    } else if (offset < chunk.length) {
      this.#stage = 'classic'
      this.#decoder.push(MAGIC.subarray(0, this.#magicBytes), this.#onBody)
    }
    return offset
  }

  get #isDone(): boolean {
    return this.#stage === 'closed' || this.#stage === 'ending'
  }

  get #pendingBytes(): number {
    return this.#decoder.pendingBytes + (this.#stage === 'undecided' ? this.#magicBytes : 0)
  }

  readonly #onBody = (body: Uint8Array): void => {
    if (this.#isDone) return
    this.lastFrameAt = ++clock
    if (this.#stage === 'greeting') {
      this.#greet(body)
      return
    }
    if (this.#receiver !== undefined) this.#receiver.frameTaken()
    this.#context.counters.frames.in++
    const taken = this.#context.onFrame(body, this.#from)
    if (taken !== undefined) this.#readNoFurther(taken)
  }

  #readNoFurther(until: Promise<unknown>): void {
    this.#waits++
    this.#socket.pause()
    const goOn = () => {
      if (--this.#waits > 0 || this.#stage === 'closed') return
      this.#deadline.refresh()
      this.#socket.resume()
    }
    until.then(goOn, goOn)
  }

  #greet(body: Uint8Array): void {
    const hello = decodeHello(body)
    if (hello === undefined) this.#malformed('bad-hello', { bytes: body.length })
    else if (hello === 'version') this.#turnAway({ code: 'version', text: 'none of these versions of kept connections is spoken here' })
    else this.#receive(hello)
  }

  #receive(hello: Hello): void {
    const host = WILDCARD_HOSTS.has(hello.address.host) ? this.#from.remoteAddress : hello.address.host
    const outcome = this.#context.reception.receive(hello, { host, port: hello.address.port })
    if (outcome === 'stale') this.close()
    else if ('code' in outcome) this.#turnAway(outcome)
    else this.#keep(hello, outcome)
  }

  #keep(hello: Hello, { peer, session }: Welcome): void {
    const { reception, limits, onKept } = this.#context
    session.disconnect = () => this.close()
    this.#from = { ...this.#from, peer }
    this.#stage = 'kept'
    this.#decoder.limitBytes = limits.frameBytes
    this.#left = () => reception.sessions.left(hello.session, reception.isPeer(peer) ? 'peers' : 'strangers')
    this.#receiver = new KeptReceiver(this.#socket, session, reception.introduction)
    onKept(peer)
  }

  /** Says why before it closes, so that the other end can tell. */
  #turnAway(refusal: Refusal): void {
    this.#stage = 'ending'
    this.#deadline.refresh()
    this.#socket.end(encodeAnswer({ ...this.#context.reception.introduction, taken: 0, refusal }))
  }

  #judge(): void {
    if (this.#stage !== 'ending' && (this.#pendingBytes > 0 || this.#stage === 'greeting')) {
      this.#malformed('deadline', { deadlineMs: this.#context.limits.frameDeadlineMs })
    } else if (this.#stage === 'ending') {
      this.close()
    } else if (this.#stage !== 'kept' && this.#stage !== 'closed') {
      this.#context.counters.connections.idle++
      this.close()
    }
  }

  /** When this process was stopped for a while, what came meanwhile is read first, and only then judged. */
  #expired(): void {
    if (this.#waits > 0) return // set anew when it goes on
    const framesBefore = this.lastFrameAt
    setImmediate(() => {
      if (this.lastFrameAt === framesBefore) this.#judge()
    })
  }

  #ended(): void {
    if (this.#waiting !== undefined) {
      this.#hasEnded = true
      return
    }
    if (this.#stage === 'ending') {
      this.close()
      return
    }
    const pending = this.#pendingBytes
    if (pending > 0) {
      this.#malformed(pending < FRAME_HEADER_BYTES ? 'cut-header' : 'cut-body')
      return
    }
    if (this.#receiver === undefined) {
      this.close()
      return
    }
    this.#receiver.acknowledge()
    this.#stage = 'ending'
    this.#deadline.refresh()
    this.#socket.end()
  }

  #failed(error: NodeJS.ErrnoException): void {
    this.#takeWaiting()
    if (this.#stage === 'closed') return
    this.#context.counters.connections.reset++
    if (this.#pendingBytes > 0) this.#malformed('reset-in-frame', { code: error.code })
    else this.close()
  }

  #malformed(reason: MalformedReason, details?: object): void {
    if (this.#stage === 'closed') return
    this.#context.counters.malformed[reason]++
    this.#context.say('warn', 'malformed input: connection closed', { reason, ...this.#from, pendingBytes: this.#pendingBytes, ...details })
    this.close()
  }
}
