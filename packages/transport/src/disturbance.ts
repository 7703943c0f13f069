/** How a network loses, duplicates and reorders messages: it turns a network that loses nothing into a fair-loss one. */
export interface Disturbance {
  /** Returns a number from 0 to below 1. With seeded numbers, each run treats messages alike. */
  readonly random: () => number
  /** From 0 to below 100: links that lose everything are not fair-loss links. */
  readonly lostPercent?: number
  readonly duplicatedPercent?: number
  /** Messages that are held back until a later message has left, on any link. The last ones may be held back forever, which is a loss. */
  readonly overtakenPercent?: number
}

/** How many messages were lost, duplicated and overtaken. A copy may be overtaken on its own. */
export interface DisturbanceCounters {
  lost: number
  duplicated: number
  overtaken: number
}

/** Passes items on as a disturbance decides. */
export class Disturber<T> {
  readonly counters: DisturbanceCounters = { lost: 0, duplicated: 0, overtaken: 0 }
  readonly #disturbance: Disturbance | undefined
  readonly #pass: (item: T) => void
  #heldBack: T[] = []

  /** Throws `RangeError` for an invalid percentage. Without a disturbance everything passes, once and in order. */
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
    if (this.#draw(lostPercent)) {
      this.counters.lost++
      return
    }
    const earlier = this.#heldBack
    this.#heldBack = []
    this.#passOrHoldBack(item)
    if (this.#draw(duplicatedPercent)) {
      this.counters.duplicated++
      this.#passOrHoldBack(item)
    }
    for (const overtaken of earlier) this.#pass(overtaken)
  }

  #passOrHoldBack(item: T): void {
    if (this.#draw(this.#disturbance?.overtakenPercent ?? 0)) {
      this.counters.overtaken++
      this.#heldBack.push(item)
    } else this.#pass(item)
  }

  #draw(percent: number): boolean {
    return percent > 0 && (this.#disturbance?.random() ?? 1) * 100 < percent
  }
}
