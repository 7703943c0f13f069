import { FairLossPointToPointLinks, type ProcessId, type Transport } from '@upon/contract'
import { type Disturbance, type DisturbanceCounters, Disturber } from '../disturbance'
import { Exchange, type InTransit, type MemoryNetworkOptions } from './exchange'

export interface LossyMemoryNetworkOptions extends Disturbance, MemoryNetworkOptions {
  /** Whether a process that was taken off may come back under its name: for algorithms of the fail-recovery model. By default not. */
  readonly recovers?: boolean
}

/**
 * Fair-loss links between processes that live in one program (Module 2.1, page 34): messages are lost, repeated and overtaken as often
 * as told, each by itself, so that what is sent again and again arrives again and again. Same random numbers and same sends, same run.
 * What a process throws upon a delivery crashes it, and never reaches the sender.
 */
export class LossyMemoryNetwork {
  readonly #exchange: Exchange
  readonly #disturber: Disturber<InTransit>

  /** Throws `RangeError` for a percentage that is none. Without options nothing is disturbed. */
  constructor(options?: LossyMemoryNetworkOptions) {
    const exchange = new Exchange(options ?? {}, { recovers: options?.recovers ?? false, waitingMessages: 0 })
    this.#exchange = exchange
    this.#disturber = new Disturber(options, (message) => exchange.take(exchange.copy(message))) // a repeated one is a copy of its own
  }

  /** A snapshot. */
  get counters(): DisturbanceCounters {
    return { ...this.#disturber.counters }
  }

  /**
   * The network as process `self` sees it: supply it to that process. A second process of that name is refused, and one that knows other
   * processes or ranks than those that joined before it: its constructor throws `TypeError`.
   */
  transport(self: ProcessId): Transport<FairLossPointToPointLinks> {
    const exchange = this.#exchange
    return {
      sort: 'transport',
      guarantees: FairLossPointToPointLinks,
      send: (to, path, message) => this.#disturber.take(exchange.copy({ from: self, to, path, message })),
      attach: (receive, process) => exchange.attach(self, receive, process),
      check: (value) => exchange.check(value),
    }
  }

  /** Takes a process off the network, as if it had crashed: what is sent to it is lost, and what it sends. */
  detach(p: ProcessId): void {
    this.#exchange.detach(p)
  }
}
