/** What becomes of messages on their way: what makes a network that loses nothing a fair-loss one. */
export interface Disturbance {
  /** A number from 0 to below 1, another one each time. From a seed, what becomes of messages is the same in each run. */
  readonly random: () => number
  /** From 0 to below 100: links that lose everything are no fair-loss links. */
  readonly lostPercent?: number
  readonly duplicatedPercent?: number
  /** Those that are held back until a later one, on whatever link, has gone. The last ones may be held back for ever, which is a loss. */
  readonly overtakenPercent?: number
}

/** How many messages were disturbed, and how. A copy may be overtaken by itself. */
export interface DisturbanceCounters {
  lost: number
  duplicated: number
  overtaken: number
}

/** Passes things on, as far as a disturbance lets it. */
export class Disturber<T> {
  readonly counters: DisturbanceCounters = { lost: 0, duplicated: 0, overtaken: 0 }
  readonly #disturbance: Disturbance | undefined
  readonly #pass: (item: T) => void
  #heldBack: T[] = []

  /** Throws `RangeError` for a percentage that is none. Without a disturbance everything passes, once and in order. */
  constructor(disturbance: Disturbance | undefined, pass: (item: T) => void) {
    const { lostPercent = 0, duplicatedPercent = 0, overtakenPercent = 0 } = disturbance ?? {}
    if (!(lostPercent >= 0 && lostPercent < 100)) throw new RangeError(`lostPercent: expected 0 to below 100, found ${lostPercent}`)
    for (const [name, percent] of Object.entries({ duplicatedPercent, overtakenPercent }))
      if (!(percent >= 0 && percent <= 100)) throw new RangeError(`${name}: expected 0 to 100, found ${percent}`)
    this.#disturbance = disturbance
    this.#pass = pass
  }

  take(item: T): void {
    if (this.#disturbance === undefined) {
      this.#pass(item)
      return
    }
    const { lostPercent = 0, duplicatedPercent = 0 } = this.#disturbance
    if (this.#happens(lostPercent)) {
      this.counters.lost++
      return
    }
    const earlier = this.#heldBack
    this.#heldBack = []
    this.#passOrHoldBack(item)
    if (this.#happens(duplicatedPercent)) {
      this.counters.duplicated++
      this.#passOrHoldBack(item)
    }
    for (const overtaken of earlier) this.#pass(overtaken)
  }

  #passOrHoldBack(item: T): void {
    if (this.#happens(this.#disturbance?.overtakenPercent ?? 0)) {
      this.counters.overtaken++
      this.#heldBack.push(item)
    } else this.#pass(item)
  }

  #happens(percent: number): boolean {
    return percent > 0 && (this.#disturbance?.random() ?? 1) * 100 < percent
  }
}
