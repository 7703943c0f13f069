import type { Address, TcpEndpoint } from '@upon/transport/tcp'
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

  /**
   * The process at that address has shown that it is ours, and stays so until it is forgotten: a message without the mark may be one that anybody sent in
   * its name, and must not change which way its frames go. Says whether that is news.
   */
  learn(address: Address): boolean {
    if (this.connections === 'classic' || this.has(address)) return false
    this.#ours.add(addressKey(address))
    this.endpoint.upgrade(address)
    return true
  }

  /**
   * A system begins: nothing that happened to its processes in another matters. One that was ours, and is not there now, may be another by now, unless
   * one of the `others` has it.
   */
  begin(members: Members, others: Iterable<Members>): void {
    const busy = [...others]
    for (const address of this.endpoint.givenUp) if (members.at(address) !== undefined) this.endpoint.forget(address)
    for (const { address } of members.all)
      if (this.has(address) && !this.endpoint.isConnected(address) && !busy.some((other) => other.at(address))) this.#forget(address)
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
    for (const address of this.#leaving.values()) this.#forget(address)
    this.#leaving.clear()
  }

  #forget(address: Address): void {
    this.#ours.delete(addressKey(address))
    this.endpoint.forget(address)
  }
}
