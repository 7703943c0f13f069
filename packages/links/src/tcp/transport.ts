import { PerfectPointToPointLinks, type Pressure, type ProcessId, type Transport } from '@upon/contract'
import { type Address, isConnectable } from '../net/address'
import { type Log, limitLog } from '../net/log-limit'
import { type Codec, plainData } from '../net/plain-data'
import { guard } from '../net/uncaught'
import type { EndpointCounters } from './counters'
import { TcpEndpoint } from './endpoint'
import { decodeEnvelope, type Envelope, encodeEnvelope } from './envelope'
import { completeLimits, type EndpointLimits, TooManyPeersError } from './limits'

export interface TcpTransportOptions {
  readonly self: ProcessId
  /** Where each process of the system listens, this one too: `{ p: '127.0.0.1:5000', q: 'example:5000', r: '[::1]:5000' }`. */
  readonly peers: Readonly<Record<ProcessId, string>>
  /** The address of this machine to listen at; that in `peers` unless told. In a container, say, `0.0.0.0`. */
  readonly host?: string
  /** `plainData` unless told. All processes of a system need the same one. */
  readonly codec?: Codec
  readonly limits?: Partial<EndpointLimits>
  /** Lines on one subject are limited to 10 in 5 s. */
  readonly onLog?: Log
}

/** Why a frame that arrived was not delivered: no envelope of ours, of nobody in `peers`, the codec threw, or too many came before there was a process. */
export type RefusalReason = 'no-envelope' | 'unknown-sender' | 'not-decodable' | 'unattached'

export interface TcpTransportCounters extends EndpointCounters {
  readonly refused: Readonly<Record<RefusalReason, number>>
}

/**
 * Perfect links of one process over TCP (Module 2.3, page 37), on connections that are kept open and resumed: every message arrives, once,
 * in the order of sending, while both processes live. 1 step, 1 message.
 *
 * A process that does not take what is sent to it until its queue is full (`limits`) is given up, as if it had crashed: see `givenUp`.
 *
 * Who sent a message is what it says: use it among processes that trust each other. A process that has crashed must not come back under
 * its name: it has forgotten what it promised, which algorithms that know no recovery do not survive.
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
  /** Takes nothing more, gives queued messages up to 1 s to leave, and closes all connections. Every call returns the same promise. */
  close(): Promise<void>
}

/** Messages that wait for the process to be made. */
const UNATTACHED_LIMIT = 10_000

type Receive = (from: ProcessId, path: string, message: unknown) => void

class TcpLinks implements TcpTransport {
  readonly sort = 'transport'
  readonly guarantees = PerfectPointToPointLinks

  readonly #self: ProcessId
  readonly #codec: Codec
  readonly #frameBytes: number
  readonly #addresses: ReadonlyMap<ProcessId, Address>
  readonly #say: Log
  readonly #refused: Record<RefusalReason, number> = { 'no-envelope': 0, 'unknown-sender': 0, 'not-decodable': 0, unattached: 0 }
  #endpoint: TcpEndpoint | undefined
  /** Who has given this process up. */
  #endedBy: ProcessId | undefined
  #receive: Receive | undefined
  #unattached: Parameters<Receive>[] = []
  #last: { readonly path: string; readonly message: unknown; readonly frame: Uint8Array } | undefined

  constructor({ self, peers, codec = plainData, limits, onLog = () => {} }: TcpTransportOptions) {
    this.#addresses = new Map(Object.entries(peers).map(([p, address]) => [p, parseAddress(p, address)]))
    if (!this.#addresses.has(self)) throw new TypeError(`process ${self} is not among the peers ${Object.keys(peers).join(', ')}`)
    this.#self = self
    this.#codec = codec
    this.#frameBytes = completeLimits(limits).frameBytes
    this.#say = limitLog(onLog)
  }

  async listen({ host, limits, onLog }: TcpTransportOptions): Promise<this> {
    const own = this.#addresses.get(this.#self) as Address
    const onFrame = (body: Uint8Array) => this.#take(body)
    const extras = { ...(limits && { limits }), ...(onLog && { onLog }) }
    const onGivenUp = (address: Address) => {
      this.#endedBy ??= this.#processesAt([address])[0]
    }
    const { connections } = completeLimits(limits)
    if (this.#addresses.size - 1 > connections) throw new TooManyPeersError(this.#addresses.size - 1, connections)
    const at = { host: host ?? own.host, port: own.port }
    this.#endpoint = await TcpEndpoint.listen({ ...at, incarnations: 'one', onFrame, onGivenUp, ...extras })
    for (const [p, address] of this.#addresses) if (p !== this.#self) this.#endpoint.upgrade(address)
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
    if (address === undefined) throw new TypeError(`there is no process ${to} among the peers ${[...this.#addresses.keys()].join(', ')}`)
    if (to === this.#self) queueMicrotask(() => this.#hand(to, path, message))
    else {
      this.#endpoint?.upgrade(address)
      this.#endpoint?.send(address, this.#frame(path, message))
    }
  }

  attach(receive: Receive): void {
    if (this.#receive !== undefined) throw new Error(`a process runs over the links of ${this.#self} already: each needs its own`)
    this.#receive = receive
    const waiting = this.#unattached
    this.#unattached = []
    queueMicrotask(() => {
      for (const each of waiting) this.#hand(...each) // not before its constructor has returned
    })
  }

  close(): Promise<void> {
    return (this.#endpoint as TcpEndpoint).close()
  }

  #processesAt(addresses: readonly Address[]): ProcessId[] {
    const isAmong = ({ host, port }: Address) => addresses.some((each) => each.host === host && each.port === port)
    return [...this.#addresses].filter(([, address]) => isAmong(address)).map(([p]) => p)
  }

  /** A broadcast's message is encoded once for all who get it. */
  #frame(path: string, message: unknown): Uint8Array {
    const last = this.#last
    if (last !== undefined && Object.is(last.message, message) && last.path === path) return last.frame
    const frame = encodeEnvelope({ from: this.#self, path, message: this.#codec.encode(message) })
    if (frame.length > this.#frameBytes)
      throw new RangeError(`a message of ${frame.length} bytes is too long: expected at most ${this.#frameBytes} (limits.frameBytes)`)
    this.#last = { path, message, frame }
    return frame
  }

  #take(body: Uint8Array): void {
    const envelope = decodeEnvelope(body)
    if (envelope === undefined) this.#refuse('no-envelope', { bytes: body.length })
    else if (envelope.from === this.#self || !this.#addresses.has(envelope.from))
      this.#refuse('unknown-sender', { from: envelope.from.slice(0, 100), path: envelope.path.slice(0, 100) })
    else this.#decode(envelope)
  }

  #decode({ from, path, message }: Envelope): void {
    try {
      const decoded = this.#codec.decode(message)
      this.#hand(from, path, decoded)
    } catch (error) {
      this.#refuse('not-decodable', { from, path, error })
    }
  }

  #hand(from: ProcessId, path: string, message: unknown): void {
    if (this.#receive !== undefined) guard(() => this.#receive?.(from, path, message))
    else if (this.#unattached.length < UNATTACHED_LIMIT) this.#unattached.push([from, path, message])
    else this.#refuse('unattached', { from, path })
  }

  #refuse(reason: RefusalReason, details: object): void {
    this.#refused[reason]++
    this.#say('warn', 'message refused', { reason, ...details })
  }
}

/** Listens, and connects to the others. Rejects with `ListenError` when the address cannot be had, `TypeError` for addresses that are none. */
export const tcpTransport = async (options: TcpTransportOptions): Promise<TcpTransport> => new TcpLinks(options).listen(options)

function parseAddress(p: ProcessId, text: string): Address {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d+)$/.exec(text) ?? []
  const address = { host: bracketed ?? plain ?? '', port: Number(port) }
  if (!isConnectable(address)) throw new TypeError(`address of ${p}: expected HOST:PORT, found ${text}`)
  return address
}
