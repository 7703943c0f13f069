/**
 * Why a process is among the missing:
 * - `timeout`: it is late: it did not answer in time
 * - `unreachable`: it was not reached: connections to it are refused
 * - `refused`: it refuses the command, and says `why`
 * - `not-broadcast`: it did not deliver what the sender of the broadcast was not reached for, or refused
 * - `crashed`: it is known to be dead
 * - `destroyed`: the system was destroyed first
 */
export type MissingReason = 'timeout' | 'unreachable' | 'refused' | 'not-broadcast' | 'crashed' | 'destroyed'

export interface Answer<V> {
  readonly process: string
  readonly value: V
  readonly afterMs: number
}

export interface Missing {
  readonly process: string
  readonly reason: MissingReason
  /** For `refused`, in the process's own words. */
  readonly why?: string
}

export const isAnswer = <V>(result: Answer<V> | Missing): result is Answer<V> => 'afterMs' in result

/** One answer that one process owes. Settles once, at the latest after its time-out; `isSettled` shows which answers come later. */
export class Pending<V> {
  readonly result: Promise<Answer<V> | Missing>
  isSettled = false
  #settle!: (result: Answer<V> | Missing) => void

  constructor(
    readonly process: string,
    readonly startedAtMs: number,
  ) {
    this.result = new Promise((resolve) => {
      this.#settle = resolve
    })
  }

  miss(reason: MissingReason, why?: string): void {
    this.settle({ process: this.process, reason, ...(why === undefined ? {} : { why }) })
  }

  settle(result: Answer<V> | Missing): void {
    this.isSettled = true
    this.#settle(result)
  }
}

/** A pending answer of any kind. */
export type Owed = Pick<Pending<unknown>, 'process' | 'miss'>

/** All answers that the processes of one system owe at the moment. */
export class PendingAnswers {
  readonly #open = new Map<Owed, NodeJS.Timeout>()

  constructor(private readonly nowMs: () => number) {}

  get size(): number {
    return this.#open.size
  }

  /** `already`: why nothing is waited for. */
  expect<V>(process: string, timeoutMs: number, already: 'crashed' | 'unreachable' | undefined): Pending<V> {
    const pending = new Pending<V>(process, this.nowMs())
    if (already) pending.miss(already)
    else {
      const timer = setTimeout(() => this.miss(pending, 'timeout'), timeoutMs)
      this.#open.set(pending, timer)
    }
    return pending
  }

  /** The answer; too late, it only counts for histories. */
  answer<V>(pending: Pending<V>, value: V, atMs = this.nowMs()): void {
    if (!this.#close(pending)) return
    pending.settle({ process: pending.process, value, afterMs: atMs - pending.startedAtMs })
  }

  /** Nothing more is waited for of this process. */
  missAll(process: string, reason: MissingReason, why?: string): void {
    for (const pending of this.#open.keys()) if (pending.process === process) this.miss(pending, reason, why)
  }

  destroy(): void {
    for (const pending of this.#open.keys()) this.miss(pending, 'destroyed')
  }

  miss(pending: Owed, reason: MissingReason, why?: string): void {
    if (this.#close(pending)) pending.miss(reason, why)
  }

  #close(pending: Owed): boolean {
    clearTimeout(this.#open.get(pending))
    return this.#open.delete(pending)
  }
}
