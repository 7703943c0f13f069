/**
 * Where a process listens. Addresses are the same only when host and port are the same character for character:
 * `localhost` and `127.0.0.1` are two peers, each with its own queue and connections. Use one spelling of an address everywhere.
 */
export interface Address {
  readonly host: string
  /** 1 to 65535 */
  readonly port: number
}

export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** Whether it has the form of an address to connect to; names are not resolved. */
export function isConnectable({ host, port }: Address): boolean {
  return typeof host === 'string' && host.length > 0 && host.length <= 255 && Number.isInteger(port) && port >= 1 && port <= 65_535
}

/** An IPv4 address that arrived at an IPv6 socket, in its usual form. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}

/** A map with addresses as keys. A look-up builds no string. */
export class AddressMap<Value> {
  readonly #hosts = new Map<string, Map<number, Value>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  get({ host, port }: Address): Value | undefined {
    return this.#hosts.get(host)?.get(port)
  }

  set({ host, port }: Address, value: Value): void {
    let ports = this.#hosts.get(host)
    if (ports === undefined) {
      ports = new Map()
      this.#hosts.set(host, ports)
    }
    if (!ports.has(port)) this.#size++
    ports.set(port, value)
  }

  delete({ host, port }: Address): void {
    const ports = this.#hosts.get(host)
    if (ports?.delete(port) !== true) return
    this.#size--
    if (ports.size === 0) this.#hosts.delete(host)
  }

  *values(): Generator<Value> {
    for (const ports of this.#hosts.values()) yield* ports.values()
  }
}
