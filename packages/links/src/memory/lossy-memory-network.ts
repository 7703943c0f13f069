import { FairLossPointToPointLinks, type ProcessId, type Transport } from '@upon/contract'
import { type Disturbance, type DisturbanceCounters, Disturber } from '../fair-loss/disturbance'
import { Exchange, type InTransit } from './exchange'

/**
 * Fair-loss links between processes that live in one program (Module 2.1, page 34): messages are lost, repeated and overtaken as often
 * as told, each by itself, so that what is sent again and again arrives again and again. Same random numbers and same sends, same run.
 * Messages are handed over as they are: never change one after it was sent.
 */
export class LossyMemoryNetwork {
  readonly #exchange = new Exchange()
  readonly #disturber: Disturber<InTransit>

  /** Throws `RangeError` for a percentage that is none. */
  constructor(disturbance: Disturbance) {
    this.#disturber = new Disturber(disturbance, (message) => this.#exchange.take(message))
  }

  /** A snapshot. */
  get counters(): DisturbanceCounters {
    return { ...this.#disturber.counters }
  }

  /** The network as process `self` sees it: supply it to that process. */
  transport(self: ProcessId): Transport<FairLossPointToPointLinks> {
    return {
      sort: 'transport',
      guarantees: FairLossPointToPointLinks,
      send: (to, path, message) => this.#disturber.take({ from: self, to, path, message }),
      attach: (receive) => this.#exchange.attach(self, receive),
    }
  }

  /** Takes a process off the network, as if it had crashed: what is sent to it is lost. */
  detach(p: ProcessId): void {
    this.#exchange.detach(p)
  }
}
