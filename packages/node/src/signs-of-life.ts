import type { ProcessId } from '@upon/contract'

/**
 * The processes that we have heard from since the last time-out of the failure detector. A process that takes part is alive: under load, when an answer to a
 * heartbeat waits behind thousands of messages, those messages answer for it. (But not its own requests for heartbeats: one that we do not
 * reach sends them, too.)
 */
export class SignsOfLife {
  readonly #heard = new Set<ProcessId>()
  /** Nobody listens there any more: what still comes from there was sent before. */
  readonly #refused = new Set<ProcessId>()

  heard(p: ProcessId): void {
    if (!this.#refused.has(p)) this.#heard.add(p)
  }

  refused(p: ProcessId): void {
    this.#heard.delete(p)
    this.#refused.add(p)
  }

  /** It has answered a heartbeat: it listens again. */
  answered(p: ProcessId): void {
    this.#refused.delete(p)
  }

  /** Returns the processes heard from, and clears the record. */
  take(): ProcessId[] {
    const heard = [...this.#heard]
    this.#heard.clear()
    return heard
  }
}
