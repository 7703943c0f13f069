import { PerfectPointToPointLinks, type ProcessId, type Transport } from '@upon/contract'
import { Exchange } from './exchange'

/**
 * Perfect links between processes that live in one program (Module 2.3, page 37): every message is delivered, once, in the order
 * in which messages were sent. Messages are handed over as they are: never change one after it was sent.
 */
export class MemoryNetwork {
  readonly #exchange = new Exchange()

  /** The network as process `self` sees it: supply it to that process. */
  transport(self: ProcessId): Transport<PerfectPointToPointLinks> {
    return {
      sort: 'transport',
      guarantees: PerfectPointToPointLinks,
      send: (to, path, message) => this.#exchange.take({ from: self, to, path, message }),
      attach: (receive) => this.#exchange.attach(self, receive),
    }
  }

  /** Takes a process off the network, as if it had crashed: what is sent to it is lost. */
  detach(p: ProcessId): void {
    this.#exchange.detach(p)
  }
}
