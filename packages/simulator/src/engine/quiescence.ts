/** What is known about a timer below a failure detector. */
export interface BackgroundTimer {
  /** The calm period that `timeouts` counts in. */
  period: number
  timeouts: number
  isRunning: boolean
}

/**
 * Detects that nothing is under way any more. Failure detectors never end. But when nothing outside of them happens (no message, timer or
 * client step) and they indicate nothing for as long as a request and its answer may take, and each of their timers has timed out
 * `timeouts` times since then, they have noticed everything that there was to notice.
 */
export class Quiescence {
  /** Messages, timers and client steps that are under way and not background. */
  work = 0
  #period = 1
  #running = 0
  /** Running timers that have timed out often enough in this calm period. */
  #settled = 0
  #countsFromUs = 0

  constructor(
    readonly timeouts: number,
    readonly roundTripUs: number,
  ) {}

  /** Something happened that is not background: a new calm period begins. */
  disturb(nowUs: number): void {
    this.#period++
    this.#settled = 0
    this.#countsFromUs = nowUs + this.roundTripUs
  }

  timer(): BackgroundTimer {
    return { period: 0, timeouts: 0, isRunning: false }
  }

  start(timer: BackgroundTimer): void {
    if (!timer.isRunning) this.#running++
    timer.isRunning = true
  }

  stop(timer: BackgroundTimer): void {
    if (timer.isRunning) this.#running--
    timer.isRunning = false
  }

  timedOut(timer: BackgroundTimer, nowUs: number): void {
    this.stop(timer)
    if (nowUs < this.#countsFromUs) return
    if (timer.period !== this.#period) {
      timer.period = this.#period
      timer.timeouts = 0
    }
    if (++timer.timeouts === this.timeouts) this.#settled++
  }

  get isReached(): boolean {
    return this.work === 0 && this.#settled >= this.#running
  }
}
