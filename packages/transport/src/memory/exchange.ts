import { type Attached, misuse, type ProcessId, printable } from '@upon/contract'
import { DEFAULT_MESSAGE_BYTES, DEFAULT_PAYLOAD_BYTES, payloadBytes } from '../codec/payload'
import { copyPlain } from '../codec/plain-copy'
import { checkPlain } from '../codec/plain-size'
import { describeMembership, difference, type Membership } from '../membership'
import { guard } from '../uncaught'

export interface InTransit {
  readonly from: ProcessId
  readonly to: ProcessId
  readonly path: string
  readonly message: unknown
}

export interface MemoryNetworkOptions {
  /**
   * `copy`, the default: messages and values are checked and copied as by `tcpTransport`, so that what passes here passes there.
   * `reference`: they are passed as they are, which is faster; never change a message after sending it.
   */
  readonly handOver?: 'copy' | 'reference'
}

export interface ExchangeOptions {
  /** Whether a process that was detached may come back under its name. */
  readonly recovers: boolean
  /** How many messages may wait for a process of the system that has not joined yet: with more, it is given up. With 0, they are lost. */
  readonly waitingMessages: number
}

type Receive = (from: ProcessId, path: string, message: unknown) => void

/** Delivers messages between processes of one program in the order of sending. */
export class Exchange {
  readonly #copies: boolean
  readonly #options: ExchangeOptions
  readonly #receivers = new Map<ProcessId, Receive>()
  /** Messages for processes that have not joined yet. */
  readonly #waiting = new Map<ProcessId, InTransit[]>()
  /** The processes that were detached, and why. Nobody else may take their names. */
  readonly #gone = new Map<ProcessId, string>()
  #membership: Membership | undefined
  #payloadBytes = DEFAULT_PAYLOAD_BYTES
  #inTransit: InTransit[] = []
  #delivering = false

  constructor({ handOver = 'copy' }: MemoryNetworkOptions, options: ExchangeOptions) {
    if (handOver !== 'copy' && handOver !== 'reference') throw misuse(`handOver: expected copy or reference, found ${handOver}`)
    this.#copies = handOver === 'copy'
    this.#options = options
  }

  /**
   * Throws `TypeError` for a process whose membership differs from that of the processes attached before it, and for a name that another
   * process has or had. If a wrapper around the transport does not pass on `process`, there is nothing to compare.
   */
  attach(name: ProcessId, receive: Receive, process: Attached | undefined): void {
    const refuse = (why: string) => {
      throw misuse(`process ${printable(process?.self ?? name)} cannot join this network: ${why}`)
    }
    if (process !== undefined && process.self !== name) refuse(`these are the links of ${printable(name)}`)
    if (this.#receivers.has(name)) refuse('a process of that name is there')
    const whyGone = this.#gone.get(name)
    if (whyGone !== undefined && !this.#options.recovers) refuse(whyGone)
    if (process !== undefined) this.#compare(process, refuse)
    this.#gone.delete(name)
    this.#receivers.set(name, receive)
    if (process !== undefined) this.#await(process.processes)
    this.#release(name)
  }

  #compare(process: Attached, refuse: (why: string) => void): void {
    const described = describeMembership(process, '')
    const differs = this.#membership && difference({ ...this.#membership, self: '' }, described)
    if (differs !== undefined) refuse(differs)
    this.#membership ??= described
    this.#payloadBytes = payloadBytes(DEFAULT_MESSAGE_BYTES, process.processes)
  }

  detach(p: ProcessId): void {
    if (this.#receivers.delete(p) || this.#waiting.has(p))
      this.#remove(p, 'a process of that name has crashed, and processes do not come back')
  }

  #remove(p: ProcessId, why: string): void {
    this.#waiting.delete(p)
    this.#gone.set(p, why)
  }

  /** From now on messages wait for those that have not joined yet. */
  #await(processes: readonly ProcessId[]): void {
    if (this.#options.waitingMessages === 0) return
    for (const p of processes) if (!this.#receivers.has(p) && !this.#gone.has(p) && !this.#waiting.has(p)) this.#waiting.set(p, [])
  }

  /** Delivers the messages that have waited for a process that joins. */
  #release(p: ProcessId): void {
    const waiting = this.#waiting.get(p) ?? []
    this.#waiting.delete(p)
    for (const each of waiting) this.#inTransit.push(each)
    this.#run()
  }

  check(value: unknown): void {
    if (this.#copies) checkPlain(value, this.#payloadBytes)
  }

  copy(message: InTransit): InTransit {
    return this.#copies ? { ...message, message: copyPlain(message.message) } : message
  }

  /** Delivers until nothing is in transit. A message that is sent during a delivery waits for its turn. */
  take(message: InTransit): void {
    if (this.#gone.has(message.from)) return
    this.#inTransit.push(message)
    this.#run()
  }

  #run(): void {
    if (this.#delivering) return
    this.#delivering = true
    while (this.#inTransit.length > 0) {
      const batch = this.#inTransit
      this.#inTransit = []
      for (const message of batch) this.#deliver(message)
    }
    this.#delivering = false
  }

  #deliver(inTransit: InTransit): void {
    const { from, to, path, message } = inTransit
    const waiting = this.#waiting.get(to)
    if (waiting === undefined) guard(() => this.#receivers.get(to)?.(from, path, message))
    else if (waiting.length < this.#options.waitingMessages) waiting.push(inTransit)
    else this.#remove(to, `it was given up: ${waiting.length} messages waited for it`)
  }
}
