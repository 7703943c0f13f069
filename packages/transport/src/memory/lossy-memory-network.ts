import { FairLossPointToPointLinks, type ProcessId, type Transport } from '@upon/contract'
import { type Disturbance, type DisturbanceCounters, Disturber } from '../disturbance'
import { Exchange, type InTransit, type MemoryNetworkOptions } from './exchange'

export interface LossyMemoryNetworkOptions extends Disturbance, MemoryNetworkOptions {
  /** Whether a detached process may come back under its name, for algorithms of the fail-recovery model. By default not. */
  readonly recovers?: boolean
}

/**
 * Fair-loss links between processes of one program (Module 2.1, page 34): each message is lost, duplicated or overtaken with the given
 * probabilities, so that a message that is sent again and again arrives again and again. The same random numbers and sends give the same run.
 * A process that throws on a delivery crashes; the error never reaches the sender.
 */
export class LossyMemoryNetwork {
  readonly #exchange: Exchange
  readonly #disturber: Disturber<InTransit>

  /** Throws `RangeError` for an invalid percentage. Without options it loses, duplicates and reorders nothing. */
  constructor(options?: LossyMemoryNetworkOptions) {
    const exchange = new Exchange(options ?? {}, { recovers: options?.recovers ?? false, waitingMessages: 0 })
    this.#exchange = exchange
    this.#disturber = new Disturber(options, (message) => exchange.take(exchange.copy(message))) // a duplicate is a copy of its own
  }

  /** A snapshot. */
  get counters(): DisturbanceCounters {
    return { ...this.#disturber.counters }
  }

  /**
   * The transport of process `self`: supply it to that process. The constructor of the process throws `TypeError` if another process has this
   * name, or if its processes or ranks differ from those of the processes that joined before.
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

  /** Detaches a process, as if it had crashed: messages to it and from it are lost. */
  detach(p: ProcessId): void {
    this.#exchange.detach(p)
  }
}
