interface Addressed {
  readonly name: string
  readonly host: string
  readonly port: number
}

/** Who sent a message, as far as it says. */
export interface Sender {
  /** `''` when it names none, or a wildcard. */
  readonly saidHost: string
  readonly port: number
  /** Where the connection came from. */
  readonly remoteHost: string
}

/** Processes by the address at which they listen, each found by a look-up. */
export class AddressBook<P extends Addressed> {
  readonly #ports = new Map<number, Map<string, P>>()

  constructor(all: Iterable<P> = []) {
    for (const one of all) this.set(one)
  }

  set(process: P): void {
    const hosts = this.#ports.get(process.port)
    if (hosts) hosts.set(process.host, process)
    else this.#ports.set(process.port, new Map([[process.host, process]]))
  }

  /** Only if it is that process which is known there. */
  delete({ name, host, port }: Addressed): void {
    const hosts = this.#ports.get(port)
    if (hosts?.get(host)?.name !== name) return
    hosts.delete(host)
    if (hosts.size === 0) this.#ports.delete(port)
  }

  at(host: string, port: number): P | undefined {
    return this.#ports.get(port)?.get(host)
  }

  /** Who a sender is: by host and port; if it names no host, by where its connection came from and port, else by the port where that is unique. */
  sender({ saidHost, port, remoteHost }: Sender): P | undefined {
    const hosts = this.#ports.get(port)
    if (hosts === undefined || saidHost !== '') return hosts?.get(saidHost)
    return hosts.get(remoteHost) ?? (hosts.size === 1 ? [...hosts.values()][0] : undefined)
  }
}
