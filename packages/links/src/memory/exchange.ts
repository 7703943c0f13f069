import type { ProcessId } from '@upon/contract'

export interface InTransit {
  readonly from: ProcessId
  readonly to: ProcessId
  readonly path: string
  readonly message: unknown
}

type Receive = (from: ProcessId, path: string, message: unknown) => void

/** Hands messages over between processes that live in one program, in the order in which it takes them. */
export class Exchange {
  readonly #receivers = new Map<ProcessId, Receive>()
  #inTransit: InTransit[] = []
  #delivering = false

  attach(p: ProcessId, receive: Receive): void {
    this.#receivers.set(p, receive)
  }

  detach(p: ProcessId): void {
    this.#receivers.delete(p)
  }

  /** Delivers until nothing is in transit. What is taken within a delivery waits for its turn. */
  take(message: InTransit): void {
    this.#inTransit.push(message)
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
