import { isIP, SocketAddress } from 'node:net'
import type { ProcessId } from '@upon/contract'
import { type Address, AddressMap, formatAddress, plainAddress } from '../net/address'

/** Which process is where, and who a datagram is from: its address is all that says it. */
export class Members {
  readonly #addresses: ReadonlyMap<ProcessId, Address>
  readonly #processes = new AddressMap<ProcessId>()

  /** Throws `TypeError` for an address that is no IP address of the given version with a port, or that two processes have. */
  constructor(addresses: Iterable<readonly [ProcessId, Address]>, version: 4 | 6) {
    this.#addresses = new Map(Array.from(addresses, ([p, address]) => [p, usual(address, version)]))
    for (const [p, address] of this.#addresses) {
      const other = this.#processes.get(address)
      if (other !== undefined) throw new TypeError(`${formatAddress(address)}: both ${other} and ${p} cannot be there`)
      this.#processes.set(address, p)
    }
  }

  addressOf(p: ProcessId): Address | undefined {
    return this.#addresses.get(p)
  }

  at(host: string, port: number): ProcessId | undefined {
    return this.#processes.get({ host: plainAddress(host), port })
  }
}

/** The address as the system writes it, so that one that arrives can be compared with it. */
function usual({ host, port }: Address, version: 4 | 6): Address {
  if (isIP(host) !== version)
    throw new TypeError(`${host}: expected an IPv${version} address, as the endpoint's own; names are not looked up`)
  if (!(Number.isInteger(port) && port >= 1 && port <= 65_535)) throw new TypeError(`port ${port}: expected 1 to 65535`)
  return { host: new SocketAddress({ address: host, port, family: version === 4 ? 'ipv4' : 'ipv6' }).address, port }
}
