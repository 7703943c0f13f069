import { isIP, SocketAddress } from 'node:net'
import { type Attached, type ProcessId, printable } from '@upon/contract'
import { type Address, AddressMap, formatAddress, plainAddress } from '../address'

/** `6 and 4`: a socket on `::` supports both. */
export type IpVersion = '4' | '6' | '6 and 4'

/** The addresses of processes. The address of a datagram is all that identifies its sender. */
export class Members {
  readonly #version: IpVersion
  readonly #addresses: ReadonlyMap<ProcessId, Address>
  readonly #processes = new AddressMap<ProcessId>()

  /** Throws `TypeError` for an address that is not an IP address of that version with a port, or that two processes share. */
  constructor(addresses: Iterable<readonly [ProcessId, Address]>, version: IpVersion) {
    this.#version = version
    this.#addresses = new Map(Array.from(addresses, ([p, address]) => [p, usual(address, version)]))
    for (const [p, address] of this.#addresses) {
      const other = this.#processes.get(address)
      if (other !== undefined) throw new TypeError(`${formatAddress(address)}: both ${other} and ${p} cannot be there`)
      this.#processes.set(address, p)
    }
  }

  /** Throws `TypeError` if the processes differ from those that have an address. */
  compare({ processes }: Attached): void {
    const without = processes.find((p) => !this.#addresses.has(p))
    if (without !== undefined) throw new TypeError(`process ${printable(without)} is not among the addresses`)
    const more = [...this.#addresses.keys()].find((p) => !processes.includes(p))
    if (more !== undefined) throw new TypeError(`process ${printable(more)} has an address, and is not among the processes`)
  }

  /** The address to send to. */
  addressOf(p: ProcessId): Address | undefined {
    const address = this.#addresses.get(p)
    if (address === undefined || this.#version !== '6 and 4' || address.host.includes(':')) return address
    return { host: `::ffff:${address.host}`, port: address.port }
  }

  at(host: string, port: number): ProcessId | undefined {
    return this.#processes.get({ host: plainAddress(host), port })
  }
}

/** The address as the operating system writes it, for comparison with the addresses of datagrams. */
function usual({ host, port }: Address, version: IpVersion): Address {
  if (!(Number.isInteger(port) && port >= 1 && port <= 65_535)) throw new TypeError(`port ${port}: expected 1 to 65535`)
  const [ip = '', zone] = host.split('%')
  const family = isIP(host)
  const plain = family === 0 ? host : plainAddress(new SocketAddress({ address: ip, family: family === 4 ? 'ipv4' : 'ipv6' }).address)
  if (family === 0 || !version.includes(String(isIP(plain))))
    throw new TypeError(`${host}: expected an IPv${version} address, as the endpoint's own; names are not looked up`)
  return { host: zone === undefined ? plain : `${plain}%${zone}`, port }
}
