import type { Socket } from 'node:net'
import { type Address, plainAddress } from '../../address'
import { FRAME_HEADER_BYTES, FrameError } from '../../framing'
import type { Log } from '../../limited-log'
import type { EndpointCounters, MalformedReason } from '../counters'
import { KeptReceiver } from '../kept/kept-receiver'
import { decodeHello, encodeAnswer, type Hello, type Refusal } from '../kept/preamble'
import type { Reception, Welcome } from '../kept/reception'
import type { EndpointLimits } from '../limits'
import { ConnectionDecoder } from './connection-decoder'
import { PacedReader } from './paced-reader'

/** Where a frame came from. */
export interface FrameOrigin {
  readonly remoteAddress: string
  /** The port of the connection, not the one that the sender listens on. */
  readonly remotePort: number
  /** On kept connections: where the sender listens, as it or `onHello` says. Not verified. */
  readonly peer?: Address
}

export interface IncomingContext {
  readonly limits: EndpointLimits
  readonly counters: EndpointCounters
  readonly reception: Reception
  readonly say: Log
  /** Must not throw. If it returns a promise, nothing more is read from the connection until the promise settles. */
  onFrame(body: Uint8Array, from: FrameOrigin): Promise<unknown> | undefined
  /** A kept connection has begun, from the process that listens at that address. Must not throw. */
  onKept(peer: Address): void
  onClosed(incoming: Incoming): void
}

const WILDCARD_HOSTS = new Set(['', '0.0.0.0', '::'])
let clock = 0

/** One accepted connection: a sequence of frames, or the preamble and frames of a kept connection. */
export class Incoming {
  /** A count of complete frames over all connections: the connection with the lowest has been without one for the longest time. */
  lastFrameAt = ++clock
  readonly #socket: Socket
  readonly #context: IncomingContext
  readonly #decoder: ConnectionDecoder
  readonly #deadline: NodeJS.Timeout
  readonly #reader: PacedReader
  #stage: 'classic' | 'greeting' | 'kept' | 'ending' | 'closed' = 'classic'
  #from: FrameOrigin
  #receiver: KeptReceiver | undefined
  #left = (): void => {}

  constructor(socket: Socket, context: IncomingContext) {
    this.#socket = socket
    this.#context = context
    this.#decoder = new ConnectionDecoder(context.limits.frameBytes, this.#onBody, () => {
      this.#stage = 'greeting'
    })
    this.#from = { remoteAddress: plainAddress(socket.remoteAddress ?? ''), remotePort: socket.remotePort ?? 0 }
    this.#deadline = setTimeout(() => this.#expired(), context.limits.frameDeadlineMs).unref()
    socket.on('data', (chunk) => {
      context.counters.bytes.in += chunk.length
    })
    this.#reader = new PacedReader(
      socket,
      (piece) => this.#take(piece),
      () => this.#ended(),
    )
    socket.on('error', (error: NodeJS.ErrnoException) => this.#failed(error))
    socket.once('close', () => {
      this.#takeRest()
      this.close()
    })
  }

  get kept(): boolean {
    return this.#stage === 'kept'
  }

  get from(): FrameOrigin {
    return this.#from
  }

  /** Closes at once; nothing more is read from it. */
  close(): void {
    if (this.#stage === 'closed') return
    this.#stage = 'closed'
    this.#reader.stop()
    clearTimeout(this.#deadline)
    this.#receiver?.acknowledge()
    this.#receiver?.stop()
    this.#left()
    this.#socket.destroy()
    this.#context.onClosed(this)
  }

  /** The connection is gone. What was not processed on a kept one will be sent again. */
  #takeRest(): void {
    const rest = this.#reader.stop()
    if (rest !== undefined && !this.kept) this.#take(rest)
  }

  #take(chunk: Uint8Array): void {
    if (this.#isDone) return
    const wasPending = this.#decoder.pendingBytes > 0
    const framesBefore = this.lastFrameAt
    try {
      this.#decoder.push(chunk)
    } catch (error) {
      if (!(error instanceof FrameError)) throw error
      this.#malformed(error.code, { expected: error.expected, found: error.found })
      return
    }
    if (this.#isDone) return
    this.#receiver?.chunkTaken(chunk.length)
    if (this.lastFrameAt !== framesBefore || (!wasPending && this.#decoder.pendingBytes > 0)) this.#deadline.refresh()
  }

  get #isDone(): boolean {
    return this.#stage === 'closed' || this.#stage === 'ending'
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
    if (taken !== undefined) this.#pauseUntil(taken)
  }

  #pauseUntil(until: Promise<unknown>): void {
    this.#reader.hold(until)
    this.#receiver?.hold()
    const resume = () => {
      if (this.#reader.isHeld || this.#stage === 'closed') return
      this.#deadline.refresh()
      this.#receiver?.resume()
    }
    until.then(resume, resume)
  }

  #greet(body: Uint8Array): void {
    const hello = decodeHello(body)
    if (hello === undefined) this.#malformed('bad-hello', { bytes: body.length })
    else if (hello === 'version') this.#refuse({ code: 'version', text: 'none of these versions of kept connections is supported here' })
    else this.#receive(hello)
  }

  #receive(hello: Hello): void {
    const host = WILDCARD_HOSTS.has(hello.address.host) ? this.#from.remoteAddress : hello.address.host
    const outcome = this.#context.reception.receive(hello, { host, port: hello.address.port })
    if (outcome === 'stale') this.close()
    else if ('code' in outcome) this.#refuse(outcome)
    else this.#keep(hello, outcome)
  }

  #keep(hello: Hello, { peer, session }: Welcome): void {
    const { reception, onKept } = this.#context
    session.disconnect = () => this.close()
    this.#from = { ...this.#from, peer }
    this.#stage = 'kept'
    this.#decoder.greeted()
    this.#left = () => reception.sessions.left(hello.session, reception.isPeer(peer) ? 'peers' : 'strangers')
    this.#receiver = new KeptReceiver(this.#socket, session, reception.introduction)
    onKept(peer)
  }

  /** Sends the reason before it closes. */
  #refuse(refusal: Refusal): void {
    this.#stage = 'ending'
    this.#deadline.refresh()
    this.#socket.end(encodeAnswer({ ...this.#context.reception.introduction, taken: 0, refusal }))
  }

  #judge(): void {
    if (this.#stage !== 'ending' && (this.#decoder.pendingBytes > 0 || this.#stage === 'greeting')) {
      this.#malformed('deadline', { deadlineMs: this.#context.limits.frameDeadlineMs })
    } else if (this.#stage === 'ending') {
      this.close()
    } else if (this.#stage !== 'kept' && this.#stage !== 'closed') {
      this.#context.counters.connections.idle++
      this.close()
    }
  }

  /** If this process was frozen, what arrived in the meantime is read first, and only then judged. */
  #expired(): void {
    if (this.#reader.isHeld) return // set again when it resumes
    const framesBefore = this.lastFrameAt
    setImmediate(() => {
      if (this.lastFrameAt === framesBefore) this.#judge()
    })
  }

  #ended(): void {
    if (this.#stage === 'ending') {
      this.close()
      return
    }
    const pending = this.#decoder.pendingBytes
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
    this.#takeRest()
    if (this.#stage === 'closed') return
    this.#context.counters.connections.reset++
    if (this.#decoder.pendingBytes > 0) this.#malformed('reset-in-frame', { code: error.code })
    else this.close()
  }

  #malformed(reason: MalformedReason, details?: object): void {
    if (this.#stage === 'closed') return
    this.#context.counters.malformed[reason]++
    this.#context.say('warn', 'malformed input: connection closed', {
      reason,
      ...this.#from,
      pendingBytes: this.#decoder.pendingBytes,
      ...details,
    })
    this.close()
  }
}
