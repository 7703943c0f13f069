import { PerfectPointToPointLinks, type ProcessId, type Transport } from '@upon/contract'

interface InTransit {
  readonly from: ProcessId
  readonly to: ProcessId
  readonly path: string
  readonly message: unknown
}

/**
 * Perfect links between processes that live in one program (Module 2.3, page 37): every message is delivered, once, in the order
 * in which messages were sent. Messages are handed over as they are: never change one after it was sent.
 */
export class MemoryNetwork {
  readonly #receivers = new Map<ProcessId, (from: ProcessId, path: string, message: unknown) => void>()
  #inTransit: InTransit[] = []
  #delivering = false

  /** The network as process `self` sees it: supply it to that process. */
  transport(self: ProcessId): Transport<PerfectPointToPointLinks> {
    return {
      sort: 'transport',
      guarantees: PerfectPointToPointLinks,
      send: (to, path, message) => {
        this.#inTransit.push({ from: self, to, path, message })
        this.#deliver()
      },
      attach: (receive) => {
        this.#receivers.set(self, receive)
      },
    }
  }

  /** Takes a process off the network, as if it had crashed: what is sent to it is lost. */
  detach(p: ProcessId): void {
    this.#receivers.delete(p)
  }

  /** Delivers until nothing is in transit. Sends from within a delivery wait for their turn. */
  #deliver(): void {
    if (this.#delivering) return
    this.#delivering = true
    try {
      while (this.#inTransit.length > 0) {
        const batch = this.#inTransit
        this.#inTransit = []
        for (const { from, to, path, message } of batch) this.#receivers.get(to)?.(from, path, message)
      }
    } finally {
      this.#delivering = false
    }
  }
}
