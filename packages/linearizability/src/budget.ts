/** What a decision may cost before it is given up as undecided. */
export interface BudgetOptions {
  /** Configurations looked at; default 20 million. The one limit that is the same on every machine. */
  readonly limitSteps?: number
  /** Default 60,000. */
  readonly limitMs?: number
  /** Memory for what is remembered, roughly; default 512 MiB. */
  readonly limitBytes?: number
}

/** Looking at the clock costs more than looking at a configuration. */
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

  /** The same again, for what comes after a decision: to say why. */
  again(): Budget {
    return new Budget(this.options)
  }

  /** Why `spend` said no: `20000000 steps`. */
  get reached(): string {
    return this.#reached ?? `${this.limitBytes} bytes`
  }

  /** Takes note of so many steps more, and says whether to go on. */
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
