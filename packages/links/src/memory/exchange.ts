import { type Attached, type ProcessId, printable } from '@upon/contract'
import { describeMembership, difference, type Membership } from '../net/membership'
import { DEFAULT_MESSAGE_BYTES, payloadBytes } from '../net/payload'
import { copyPlain } from '../net/plain-copy'
import { checkPlain } from '../net/plain-size'
import { guard } from '../net/uncaught'

export interface InTransit {
  readonly from: ProcessId
  readonly to: ProcessId
  readonly path: string
  readonly message: unknown
}

export interface MemoryNetworkOptions {
  /**
   * `copy`: messages and values are checked and copied as `tcpTransport` does it, so that what passes here passes there. `reference`: they
   * are handed over as they are, which is faster; never change one after it was sent. By default `copy`.
   */
  readonly handOver?: 'copy' | 'reference'
}

type Receive = (from: ProcessId, path: string, message: unknown) => void

/** Hands messages over between processes that live in one program, in the order in which it takes them. */
export class Exchange {
  readonly #copies: boolean
  readonly #recovers: boolean
  readonly #receivers = new Map<ProcessId, Receive>()
  /** All that were ever attached, and are not: a name is one process's. */
  readonly #gone = new Set<ProcessId>()
  #membership: Membership | undefined
  #payloadBytes = 0
  #inTransit: InTransit[] = []
  #delivering = false

  constructor({ handOver = 'copy' }: MemoryNetworkOptions, recovers = false) {
    if (handOver !== 'copy' && handOver !== 'reference') throw new TypeError(`handOver: expected copy or reference, found ${handOver}`)
    this.#copies = handOver === 'copy'
    this.#recovers = recovers
  }

  /** Throws `TypeError` for a process that knows others than those attached before it, or for a name that another process has or had. */
  attach(name: ProcessId, receive: Receive, process: Attached): void {
    const refuse = (why: string) => {
      throw new TypeError(`process ${printable(process.self)} cannot join this network: ${why}`)
    }
    if (process.self !== name) refuse(`these are the links of ${printable(name)}`)
    if (this.#receivers.has(name)) refuse('a process of that name is there')
    if (this.#gone.has(name) && !this.#recovers) refuse('a process of that name has crashed, and processes do not come back')
    const described = describeMembership(process, '')
    const differs = this.#membership && difference({ ...this.#membership, self: '' }, described)
    if (differs !== undefined) refuse(differs)
    this.#membership ??= described
    this.#payloadBytes = payloadBytes(DEFAULT_MESSAGE_BYTES, process.processes)
    this.#gone.delete(name)
    this.#receivers.set(name, receive)
  }

  detach(p: ProcessId): void {
    if (this.#receivers.delete(p)) this.#gone.add(p)
  }

  check(value: unknown): void {
    if (this.#copies) checkPlain(value, this.#payloadBytes)
  }

  copy(message: InTransit): InTransit {
    return this.#copies ? { ...message, message: copyPlain(message.message) } : message
  }

  /** Delivers until nothing is in transit. What is taken within a delivery waits for its turn. */
  take(message: InTransit): void {
    if (this.#gone.has(message.from)) return
    this.#inTransit.push(message)
    if (this.#delivering) return
    this.#delivering = true
    while (this.#inTransit.length > 0) {
      const batch = this.#inTransit
      this.#inTransit = []
      for (const { from, to, path, message } of batch) guard(() => this.#receivers.get(to)?.(from, path, message))
    }
    this.#delivering = false
  }
}
