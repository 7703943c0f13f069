import type { Address, TcpEndpoint } from '@upon/links/tcp'
import { addressKey, type Members } from './members'

/** How long connections outlive the last system that used them: the next one often has the same processes, and starts at once. */
const LEAVE_AFTER_MS = 500

/** The processes that speak kept connections, as we do: known by what they send, for as long as they share a system with us. */
export class OurKind {
  readonly #ours = new Set<string>()
  /** The processes of systems destroyed lately. */
  readonly #leaving = new Map<string, Address>()
  #leavingTimer: NodeJS.Timeout | undefined

  constructor(
    readonly endpoint: TcpEndpoint,
    readonly connections: 'kept' | 'classic',
  ) {}

  has(address: Address): boolean {
    return this.#ours.has(addressKey(address))
  }

  /** A message has shown whether the process at that address is ours: it may be another than before. Says whether that is news. */
  learn(address: Address, isOurs: boolean): boolean {
    if (isOurs === this.has(address) || this.connections === 'classic') return false
    if (isOurs) {
      this.#ours.add(addressKey(address))
      this.endpoint.upgrade(address)
    } else this.#ours.delete(addressKey(address))
    return true
  }

  /** A system begins: nothing that happened to its processes in another matters. */
  begin(members: Members): void {
    for (const address of this.endpoint.givenUp) if (members.at(address) !== undefined) this.endpoint.forget(address)
  }

  /** A system has ended. The connections with those of its processes that are in none of the `others` are closed in a moment. */
  end(members: Members, others: () => Iterable<Members>): void {
    for (const { address } of members.all) this.#leaving.set(addressKey(address), address)
    clearTimeout(this.#leavingTimer)
    this.#leavingTimer = setTimeout(() => this.#leave(others()), LEAVE_AFTER_MS).unref()
  }

  stop(): void {
    clearTimeout(this.#leavingTimer)
  }

  #leave(others: Iterable<Members>): void {
    for (const { all } of others) for (const { address } of all) this.#leaving.delete(addressKey(address))
    for (const [key, address] of this.#leaving) {
      this.#ours.delete(key)
      this.endpoint.forget(address)
    }
    this.#leaving.clear()
  }
}
