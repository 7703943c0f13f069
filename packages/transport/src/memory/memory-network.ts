import { PerfectPointToPointLinks, type ProcessId, type Transport } from '@upon/contract'
import { Exchange, type MemoryNetworkOptions } from './exchange'

/** As many as `tcpTransport` queues. */
const WAITING_MESSAGES = 200_000

/**
 * Perfect links between processes of one program (Module 2.3, page 37): every message is delivered once, in the order of sending.
 * Messages to a process of the system that has not joined yet wait for it. A process for which more than 200,000 messages wait is given up and
 * cannot join any more. A process that throws on a delivery crashes; the error never reaches the sender.
 */
export class MemoryNetwork {
  readonly #exchange: Exchange

  constructor(options: MemoryNetworkOptions = {}) {
    this.#exchange = new Exchange(options, { recovers: false, waitingMessages: WAITING_MESSAGES })
  }

  /**
   * The transport of process `self`: supply it to that process. The constructor of the process throws `TypeError` if another process has this
   * name, or if its processes or ranks differ from those of the processes that joined before.
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

  /** Detaches a process for good, as if it had crashed: messages to it and from it are lost. */
  detach(p: ProcessId): void {
    this.#exchange.detach(p)
  }
}
