import { type Attached, misuse, PerfectPointToPointLinks, type Pressure, type ProcessId, printable } from '@upon/contract'
import { type Address, isConnectable } from '../../address'
import { checkPayload } from '../../codec/payload'
import { type Codec, plainData } from '../../codec/plain-data'
import { LimitedLog } from '../../limited-log'
import { guard } from '../../uncaught'
import { TcpEndpoint } from '../endpoint'
import { TooManyPeersError } from '../limits'
import type { FrameOrigin } from '../receiving/incoming'
import { decodeEnvelope, type Envelope, encodeEnvelope } from './envelope'
import { Greetings } from './greetings'
import type { RefusalReason, TcpTransport, TcpTransportCounters, TcpTransportOptions } from './tcp-transport'
import { completeTransportLimits, type TcpTransportLimits } from './transport-limits'
import { type Receive, UnattachedMessages } from './unattached-messages'

/** The links of one process, over an endpoint. */
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
  /** The process that has given this one up. */
  #endedBy: ProcessId | undefined
  #receive: Receive | undefined
  readonly #unattached = new UnattachedMessages()
  #isClosed = false
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
    if (this.#endedBy !== undefined) throw new Error(`this process is over: ${this.#endedBy} has given it up, and treats it as crashed`)
    const address = this.#addresses.get(to)
    if (address === undefined) throw misuse(`there is no process ${to} among the peers ${[...this.#addresses.keys()].join(', ')}`)
    if (to === this.#self) queueMicrotask(() => this.#deliver(to, path, message))
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
    this.#unattached.release((from, path, message) => {
      if (strangers.has(from)) this.#refuse('membership', { from, path: printable(path) })
      else this.#deliver(from, path, message)
    })
  }

  /** Sends the greeting of that process to the peers; returns those that have sent greetings of another system. */
  #join(process: Attached): ReadonlySet<ProcessId> {
    const { heard, strangers } = this.#greetings.attach(process)
    for (const [p, address] of this.#addresses) if (p !== this.#self) this.#endpoint?.upgrade(address)
    if (heard) this.#endpoint?.greetAgain()
    return strangers
  }

  /** What a process without ranks of its own knows: ranks follow the names, by code point. */
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

  /** The message of a broadcast is encoded once for all receivers. */
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

  /** Returns a promise if nothing more should be read until it settles. */
  #take(body: Uint8Array, { peer }: FrameOrigin): Promise<void> | undefined {
    const envelope = decodeEnvelope(body)
    const details = { from: printable(envelope?.from ?? ''), path: printable(envelope?.path ?? ''), bytes: body.length }
    if (peer === undefined) this.#refuse('no-greeting', details)
    else if (envelope === undefined) this.#refuse('no-envelope', details)
    else if (!isSame(this.#addresses.get(envelope.from), peer)) this.#refuse('unknown-sender', details)
    else if (!this.#greetings.hasGreeted(envelope.from)) this.#refuse('no-greeting', details)
    else this.#decode(envelope)
    return this.#receive === undefined ? this.#unattached.frameRead(body.length) : undefined
  }

  #decode({ from, path, message }: Envelope): void {
    try {
      const decoded = this.#codec.decode(message)
      this.#deliver(from, path, decoded)
    } catch (error) {
      this.#refuse('not-decodable', { from, path: printable(path), error })
    }
  }

  #deliver(from: ProcessId, path: string, message: unknown): void {
    if (this.#receive !== undefined) guard(() => this.#receive?.(from, path, message))
    else this.#unattached.add(from, path, message)
  }

  #refuse(reason: RefusalReason, details: object): void {
    this.#refused[reason]++
    this.#log.say('warn', 'message refused', { reason, ...details })
  }
}

/**
 * Listens, and connects to the other processes. Rejects with `ListenError` if it cannot listen on the address, with `TypeError` for invalid
 * addresses.
 */
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
