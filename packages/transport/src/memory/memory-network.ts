import { PerfectPointToPointLinks, type ProcessId, type Transport } from '@upon/contract'
import { Exchange, type MemoryNetworkOptions } from './exchange'

/** As many as a transport over TCP queues. */
const WAITING_MESSAGES = 200_000

/**
 * Perfect links between processes that live in one program (Module 2.3, page 37): every message is delivered, once, in the order
 * in which messages were sent. What is sent to a process of the system that has not joined yet waits for it; one for which 200,000 messages wait is
 * given up, and cannot join any more. What a process throws upon a delivery crashes it, and never reaches the sender.
 */
export class MemoryNetwork {
  readonly #exchange: Exchange

  constructor(options: MemoryNetworkOptions = {}) {
    this.#exchange = new Exchange(options, { recovers: false, waitingMessages: WAITING_MESSAGES })
  }

  /**
   * The network as process `self` sees it: supply it to that process. A second process of that name is refused, and one that knows other
   * processes or ranks than those that joined before it: its constructor throws `TypeError`.
   */
  transport(self: ProcessId): Transport<PerfectPointToPointLinks> {
    const exchange = this.#exchange
    return {
      sort: 'transport',
      guarantees: PerfectPointToPointLinks,
      send: (to, path, message) => exchange.take(exchange.copy({ from: self, to, path, message })),
      attach: (receive, process) => exchange.attach(self, receive, process),
      check: (value) => exchange.check(value),
    }
  }

  /** Takes a process off the network for good, as if it had crashed: what is sent to it is lost, and what it sends. */
  detach(p: ProcessId): void {
    this.#exchange.detach(p)
  }
}
