/** What a decision may cost. Beyond it the outcome is `undecided`. */
export interface BudgetOptions {
  /** Configurations examined; default 20 million. The only limit that does not depend on the machine. */
  readonly limitSteps?: number
  /** Default 60,000. */
  readonly limitMs?: number
  /** Memory, approximately; default 512 MiB. */
  readonly limitBytes?: number
}

/** Reading the clock costs more than examining a configuration. */
const LOOK_AT_CLOCK_EVERY = 1024

/** Counts what a decision has cost so far, over all its parts. */
export class Budget {
  readonly limitBytes: number
  readonly #limitSteps: number
  readonly #limitMs: number
  readonly #startMs = performance.now()
  #steps = 0
  #look = LOOK_AT_CLOCK_EVERY
  /** The limit that was reached, in words. */
  #reached: string | undefined

  constructor(private readonly options: BudgetOptions = {}) {
    const { limitSteps = 20_000_000, limitMs = 60_000, limitBytes = 512 * 1024 * 1024 } = options
    this.#limitSteps = limitSteps
    this.#limitMs = limitMs
    this.limitBytes = limitBytes
  }

  get steps(): number {
    return this.#steps
  }

  get isSpent(): boolean {
    return this.#reached !== undefined
  }

  /** A fresh budget of the same size, to find the reason after a decision. */
  again(): Budget {
    return new Budget(this.options)
  }

  /** The limit for which `spend` returned false: `20000000 steps`. */
  get reached(): string {
    return this.#reached ?? `${this.limitBytes} bytes`
  }

  /** Adds steps, and returns whether to go on. */
  spend(steps: number): boolean {
    this.#steps += steps
    if (this.#steps >= this.#look) {
      this.#look = this.#steps + LOOK_AT_CLOCK_EVERY
      if (performance.now() - this.#startMs > this.#limitMs) this.#reached = `${this.#limitMs} ms`
    }
    if (this.#steps > this.#limitSteps) this.#reached = `${this.#limitSteps} steps`
    return this.#reached === undefined
  }
}
