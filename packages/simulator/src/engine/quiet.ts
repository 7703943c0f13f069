/** Which timers went off since something happened last. */
export interface Beat {
  era: number
  times: number
  armed: boolean
}

/**
 * Tells when nothing is under way any more. Failure detectors never end; but when nothing else happened (no message, timer or client
 * step outside of them, and no indication of theirs) for as long as an answer may take, and since then each of their timers has timed
 * out `beats` times, then they have noticed whatever there was to notice.
 */
export class Quiet {
  /** Messages, timers and client steps still to come that are not background. */
  work = 0
  #era = 1
  #armed = 0
  #beating = 0
  #countsFromUs = 0

  constructor(
    readonly beats: number,
    readonly roundTripUs: number,
  ) {}

  /** Something happened that is not background. */
  stir(nowUs: number): void {
    this.#era++
    this.#beating = 0
    this.#countsFromUs = nowUs + this.roundTripUs
  }

  beat(): Beat {
    return { era: 0, times: 0, armed: false }
  }

  arm(beat: Beat): void {
    if (!beat.armed) this.#armed++
    beat.armed = true
  }

  disarm(beat: Beat): void {
    if (beat.armed) this.#armed--
    beat.armed = false
  }

  /** A background timer timed out. */
  went(beat: Beat, nowUs: number): void {
    this.disarm(beat)
    if (nowUs < this.#countsFromUs) return
    if (beat.era !== this.#era) {
      beat.era = this.#era
      beat.times = 0
    }
    if (++beat.times === this.beats) this.#beating++
  }

  get isQuiescent(): boolean {
    return this.work === 0 && this.#beating >= this.#armed
  }
}
