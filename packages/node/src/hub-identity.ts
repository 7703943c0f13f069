import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Unwrapped } from '@upon/protocol'
import type { Address, FrameOrigin } from '@upon/transport/tcp'

/** A sender that listens everywhere, or does not say where: its connection tells. */
const UNNAMED = new Set(['', '0.0.0.0', '::'])
/** How many starts of the hub are remembered as over. */
const LIMIT_PAST = 16

const isLoopback = (host: string) => host === '::1' || host.startsWith('127.')

/** Which hub is ours: who may speak for it, and which start of it this is. */
export class HubIdentity {
  /** The hub's host by all its names. */
  readonly #hosts: Set<string>
  #incarnation: string | undefined
  readonly #past = new Set<string>()

  constructor(
    readonly address: Address,
    readonly addressesOf = async (host: string) => (await lookup(host, { all: true })).map(({ address }) => address),
  ) {
    this.#hosts = new Set([address.host])
  }

  /** Looks the hub's name up, if that has not been done; what fails may be tried again. Never rejects. */
  async resolve(): Promise<void> {
    if (isIP(this.address.host) !== 0 || this.#hosts.size > 1) return
    try {
      for (const address of await this.addressesOf(this.address.host)) this.#hosts.add(address)
    } catch {
      // it cannot be reached by that name now either
    }
  }

  /** Whether a message comes from the hub's address: the address that it names, or that of its connection. */
  isSender({ senderHost, senderListeningPort }: Pick<Unwrapped, 'senderHost' | 'senderListeningPort'>, from: FrameOrigin): boolean {
    if (senderListeningPort !== this.address.port) return false
    return this.#hosts.has(senderHost) || this.#hosts.has(from.remoteAddress) || (UNNAMED.has(senderHost) && this.#isNear(from))
  }

  /** What a message of the hub's says about which start of it this is. Foreign hubs say nothing, and then it is `same`. */
  heard(incarnation: string | undefined): 'same' | 'first' | 'another' | 'past' {
    if (incarnation === undefined || incarnation === this.#incarnation) return 'same'
    if (this.#past.has(incarnation)) return 'past'
    const before = this.#incarnation
    this.#incarnation = incarnation
    if (before === undefined) return 'first'
    this.#past.add(before)
    const [oldest] = this.#past
    if (this.#past.size > LIMIT_PAST && oldest !== undefined) this.#past.delete(oldest)
    return 'another'
  }

  /** Whether the hub says which start of it this is: then it takes any number of registrations, and answers each. */
  get saysItsIncarnation(): boolean {
    return this.#incarnation !== undefined
  }

  /** The connection comes from this machine, and so does the hub. */
  #isNear({ remoteAddress }: FrameOrigin): boolean {
    if (!isLoopback(remoteAddress)) return false
    const own = Object.values(networkInterfaces()).flatMap((interfaces) => interfaces?.map(({ address }) => address) ?? [])
    return own.some((address) => this.#hosts.has(address))
  }
}
