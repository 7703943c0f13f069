import type { Address } from '@upon/transport/tcp'

/** How long connections must have been refused. A process that is restarted, or whose firewall is, is back by then. */
const GRACE_MS = 500

const keyOf = ({ host, port }: Address): string => `${host} ${port}`

/** Addresses at which nobody listens. An endpoint says when a connection is refused, and when one stands again. */
export class Reachability {
  readonly #down = new Map<string, NodeJS.Timeout>()

  /** `onLost`: connections have been refused for half a second. */
  constructor(private readonly onLost: (address: Address) => void) {}

  isDown(address: Address): boolean {
    return this.#down.has(keyOf(address))
  }

  down(address: Address): void {
    if (this.isDown(address)) return
    this.#down.set(
      keyOf(address),
      setTimeout(() => this.onLost(address), GRACE_MS),
    )
  }

  up(address: Address): void {
    clearTimeout(this.#down.get(keyOf(address)))
    this.#down.delete(keyOf(address))
  }

  close(): void {
    for (const timer of this.#down.values()) clearTimeout(timer)
    this.#down.clear()
  }
}
