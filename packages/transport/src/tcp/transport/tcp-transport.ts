import { type Attached, misuse, PerfectPointToPointLinks, type Pressure, type ProcessId, printable, type Transport } from '@upon/contract'
import { type Address, isConnectable } from '../../address'
import { checkPayload } from '../../codec/payload'
import { type Codec, plainData } from '../../codec/plain-data'
import { LimitedLog, type Log } from '../../limited-log'
import { guard } from '../../uncaught'
import type { EndpointCounters } from '../counters'
import { TcpEndpoint } from '../endpoint'
import { TooManyPeersError } from '../limits'
import type { FrameOrigin } from '../receiving/incoming'
import { decodeEnvelope, type Envelope, encodeEnvelope } from './envelope'
import { Greetings } from './greetings'
import { completeTransportLimits, type TcpTransportLimits } from './transport-limits'

export interface TcpTransportOptions {
  readonly self: ProcessId
  /** Where each process of the system listens, this one too: `{ p: '127.0.0.1:5000', q: 'example:5000', r: '[::1]:5000' }`. */
  readonly peers: Readonly<Record<ProcessId, string>>
  /** The address of this machine to listen at; by default that in `peers`. In a container, say, `0.0.0.0`. */
  readonly host?: string
  /** By default `plainData`. All processes of a system need the same one. */
  readonly codec?: Codec
  readonly limits?: Partial<TcpTransportLimits>
  /** Lines on one subject are limited to 10 in 5 s. */
  readonly onLog?: Log
}

/**
 * Why a frame that arrived was not delivered: its sender has not greeted, or is another one than it says; no envelope of ours; the codec
 * threw; or the process knows others than the sender.
 */
export type RefusalReason = 'no-greeting' | 'unknown-sender' | 'no-envelope' | 'not-decodable' | 'membership'

export interface TcpTransportCounters extends EndpointCounters {
  readonly refused: Readonly<Record<RefusalReason, number>>
}

/**
 * Perfect links of one process over TCP (Module 2.3, page 37), on connections that are kept open and resumed: every message arrives, once,
 * in the order of sending, while both processes live. 1 step, 1 message.
 *
 * A process that does not take what is sent to it until its queue is full (`limits`) is given up, as if it had crashed: see `givenUp`.
 *
 * Processes tell each other what they know before anything else: those that differ in names, ranks or limits refuse each other, and both log in what.
 * Who sent a message is what it says: use it among processes that trust each other. A process that has crashed and comes back under its name
 * is refused: it has forgotten what it promised, which algorithms that know no recovery do not survive.
 */
export interface TcpTransport extends Transport<PerfectPointToPointLinks> {
  /** A snapshot. */
  readonly counters: TcpTransportCounters
  /** Whether the application should wait: from half of a queue's limits on. Faces that are awaited do. */
  readonly pressure: Pressure
  /** The processes that were given up. What is sent to them is dropped and counted (`counters.frames.dropped['given-up']`). */
  readonly givenUp: readonly ProcessId[]
  /**
   * Queues a message; never blocks. Throws, and so crashes the process, for what is a fault of the program: `TypeError` for a message that
   * the codec does not carry or a process not in `peers`, `RangeError` for a message beyond `limits.frameBytes`; and `Error` once another process has
   * given this one up, for it counts as crashed there.
   */
  send(to: ProcessId, path: string, message: unknown): void
  /** By default the process knows those in `peers`, and no ranks but those that follow their names. */
  attach(receive: (from: ProcessId, path: string, message: unknown) => void, process?: Attached): void
  /** Takes nothing more, gives queued messages up to 1 s to leave, and closes all connections. Every call returns the same promise. */
  close(): Promise<void>
}

/** From as many messages, or bytes, that wait for the process to be made, nothing more is read until it is. */
const UNATTACHED_MESSAGES = 10_000
const UNATTACHED_BYTES = 16 * 1024 * 1024
type Receive = (from: ProcessId, path: string, message: unknown) => void

class TcpLinks implements TcpTransport {
  readonly sort = 'transport'
  readonly guarantees = PerfectPointToPointLinks

  readonly #self: ProcessId
  readonly #codec: Codec
  readonly #limits: TcpTransportLimits
  readonly #greetings: Greetings
  readonly #addresses: ReadonlyMap<ProcessId, Address>
  readonly #log: LimitedLog
  readonly #refused: Record<RefusalReason, number> = {
    'no-greeting': 0,
    'unknown-sender': 0,
    'no-envelope': 0,
    'not-decodable': 0,
    membership: 0,
  }
  #endpoint: TcpEndpoint | undefined
  /** Who has given this process up. */
  #endedBy: ProcessId | undefined
  #receive: Receive | undefined
  #unattached: Parameters<Receive>[] = []
  #unattachedBytes = 0
  #isClosed = false
  readonly #attached: Promise<void>
  #onAttached = (): void => {}
  #last: { readonly path: string; readonly message: unknown; readonly frame: Uint8Array } | undefined

  constructor({ self, peers, codec = plainData, limits, onLog = () => {} }: TcpTransportOptions) {
    this.#addresses = new Map(Object.entries(peers).map(([p, address]) => [p, parseAddress(p, address)]))
    if (!this.#addresses.has(self)) throw misuse(`process ${self} is not among the peers ${Object.keys(peers).join(', ')}`)
    this.#self = self
    this.#codec = codec
    this.#limits = completeTransportLimits(limits, [...this.#addresses.keys()])
    const { frameBytes, payloadBytes } = this.#limits
    const terms = { frameBytes, payloadBytes, codec: codec === plainData ? 'plainData' : 'another' }
    this.#greetings = new Greetings(self, this.#addresses, terms)
    this.#log = new LimitedLog(onLog)
    this.#attached = new Promise((resolve) => {
      this.#onAttached = resolve
    })
  }

  async listen({ host, onLog }: TcpTransportOptions): Promise<this> {
    const own = this.#addresses.get(this.#self) as Address
    const { payloadBytes: _, ...limits } = this.#limits
    const onGivenUp = (address: Address) => {
      this.#endedBy ??= this.#processesAt([address])[0]
    }
    const { connections } = limits
    if (this.#addresses.size - 1 > connections) throw new TooManyPeersError(this.#addresses.size - 1, connections)
    const at = { host: host ?? own.host, port: own.port }
    this.#endpoint = await TcpEndpoint.listen({
      ...at,
      limits,
      incarnations: 'one',
      hello: () => this.#greetings.hello(),
      onHello: (greeting) => this.#greetings.judge(greeting),
      onFrame: (body, from) => this.#take(body, from),
      onGivenUp,
      ...(onLog && { onLog }),
    })
    return this
  }

  get counters(): TcpTransportCounters {
    return { ...(this.#endpoint as TcpEndpoint).counters, refused: { ...this.#refused } }
  }

  get pressure(): Pressure {
    return (this.#endpoint as TcpEndpoint).pressure
  }

  get givenUp(): readonly ProcessId[] {
    return this.#processesAt((this.#endpoint as TcpEndpoint).givenUp)
  }

  send(to: ProcessId, path: string, message: unknown): void {
    if (this.#endedBy !== undefined) throw new Error(`this process is over: ${this.#endedBy} has given it up, and takes it for crashed`)
    const address = this.#addresses.get(to)
    if (address === undefined) throw misuse(`there is no process ${to} among the peers ${[...this.#addresses.keys()].join(', ')}`)
    if (to === this.#self) queueMicrotask(() => this.#hand(to, path, message))
    else {
      if (!this.#greetings.hasProcess) this.#join(this.#peersByName())
      this.#endpoint?.upgrade(address)
      this.#endpoint?.send(address, this.#frame(path, message))
    }
  }

  attach(receive: Receive, process: Attached = this.#peersByName()): void {
    if (this.#receive !== undefined) throw misuse(`a process runs over the links of ${this.#self} already: each needs its own`)
    if (this.#isClosed) throw misuse(`the links of ${this.#self} are closed: a process needs open ones`)
    const strangers = this.#join(process)
    this.#receive = receive
    const waiting = this.#unattached
    this.#unattached = []
    queueMicrotask(() => {
      // not before its constructor has returned
      for (const [from, path, message] of waiting) {
        if (strangers.has(from)) this.#refuse('membership', { from, path: printable(path) })
        else this.#hand(from, path, message)
      }
      this.#onAttached()
    })
  }

  /** Greets the peers as that process; says which of those that came before are of another system. */
  #join(process: Attached): ReadonlySet<ProcessId> {
    const { heard, strangers } = this.#greetings.attach(process)
    for (const [p, address] of this.#addresses) if (p !== this.#self) this.#endpoint?.upgrade(address)
    if (heard) this.#endpoint?.greetAgain()
    return strangers
  }

  /** What a process over these links knows if it chooses no ranks: they follow the names, by code point. */
  #peersByName(): Attached {
    const names = [...this.#addresses.keys()]
    return { self: this.#self, processes: names.sort((p, q) => Buffer.compare(Buffer.from(p), Buffer.from(q))) }
  }

  check(value: unknown): void {
    checkPayload(this.#codec, value, this.#limits.payloadBytes)
  }

  close(): Promise<void> {
    this.#isClosed = true
    this.#log.close()
    return (this.#endpoint as TcpEndpoint).close()
  }

  #processesAt(addresses: readonly Address[]): ProcessId[] {
    return [...this.#addresses].filter(([, address]) => addresses.some((each) => isSame(address, each))).map(([p]) => p)
  }

  /** A broadcast's message is encoded once for all who get it. */
  #frame(path: string, message: unknown): Uint8Array {
    const last = this.#last
    if (last !== undefined && Object.is(last.message, message) && last.path === path) return last.frame
    const frame = encodeEnvelope({ from: this.#self, path, message: this.#codec.encode(message) })
    const { frameBytes } = this.#limits
    if (frame.length > frameBytes)
      throw new RangeError(`a message of ${frame.length} bytes is too long: expected at most ${frameBytes} (limits.frameBytes)`)
    this.#last = { path, message, frame }
    return frame
  }

  /** A promise: read no further until it settles. */
  #take(body: Uint8Array, { peer }: FrameOrigin): Promise<void> | undefined {
    const envelope = decodeEnvelope(body)
    const details = { from: printable(envelope?.from ?? ''), path: printable(envelope?.path ?? ''), bytes: body.length }
    if (peer === undefined) this.#refuse('no-greeting', details)
    else if (envelope === undefined) this.#refuse('no-envelope', details)
    else if (!isSame(this.#addresses.get(envelope.from), peer)) this.#refuse('unknown-sender', details)
    else if (!this.#greetings.hasMet(envelope.from)) this.#refuse('no-greeting', details)
    else this.#decode(envelope)
    if (this.#receive !== undefined) return undefined
    this.#unattachedBytes += body.length
    return this.#unattached.length < UNATTACHED_MESSAGES && this.#unattachedBytes < UNATTACHED_BYTES ? undefined : this.#attached
  }

  #decode({ from, path, message }: Envelope): void {
    try {
      const decoded = this.#codec.decode(message)
      this.#hand(from, path, decoded)
    } catch (error) {
      this.#refuse('not-decodable', { from, path: printable(path), error })
    }
  }

  #hand(from: ProcessId, path: string, message: unknown): void {
    if (this.#receive !== undefined) guard(() => this.#receive?.(from, path, message))
    else this.#unattached.push([from, path, message])
  }

  #refuse(reason: RefusalReason, details: object): void {
    this.#refused[reason]++
    this.#log.say('warn', 'message refused', { reason, ...details })
  }
}

/** Listens, and connects to the others. Rejects with `ListenError` when the address cannot be had, `TypeError` for addresses that are none. */
export const tcpTransport = async (options: TcpTransportOptions): Promise<TcpTransport> => {
  const { self, peers } = options ?? {}
  if (typeof self !== 'string' || typeof peers !== 'object' || peers === null || Array.isArray(peers))
    throw misuse(`tcpTransport: expected { self: NAME, peers: { NAME: 'HOST:PORT', ... } }`)
  return new TcpLinks(options).listen(options)
}

function parseAddress(p: ProcessId, text: string): Address {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d+)$/.exec(text) ?? []
  const address = { host: bracketed ?? plain ?? '', port: Number(port) }
  if (!isConnectable(address)) throw misuse(`address of ${p}: expected HOST:PORT, found ${text}`)
  return address
}

const isSame = (a: Address | undefined, b: Address) => a !== undefined && a.host === b.host && a.port === b.port
