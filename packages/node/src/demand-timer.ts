import { type Port, Timer } from '@upon/contract'

/** After somebody has shown that it needs us, the detector goes on for this many periods. */
const NUDGED_PERIODS = 20

/** A timer that expires later than this share of its delay shows that we are slow ourselves: what others sent may be waiting to be read. */
const TOLERATED_LAG = 0.1
/** How often in a row a time-out is put off for that, each time by at most another delay. */
const POSTPONED_LIMIT = 5

/**
 * The failure detector's timer: runs while somebody needs the detector, and stands still otherwise. To the detector that is a slow
 * clock, which its model allows; to the machine it is silence. A time-out that was held back, because nobody needed it, is indicated as soon as somebody does:
 * however long that was, it says nothing about how busy we are. When this process is too busy to be on time, it waits as long again, but
 * no longer than a delay: what it has not read yet tells nothing of others.
 */
export class DemandTimer implements Port<Timer> {
  readonly sort = 'port'
  readonly abstraction = Timer
  #needed = false
  #nudged = 0
  #delayMs = 0
  #dueMs = 0
  #postponed = 0
  #running: NodeJS.Timeout | undefined
  /** Set while a time-out is held back. */
  #held: (() => void) | undefined

  /** @param onExpiry called just before the detector gets a time-out */
  constructor(
    readonly onIncrease: (delayMs: number) => void,
    readonly onExpiry: () => void,
  ) {}

  open({ indicate }: Parameters<Port<Timer>['open']>[0]): ReturnType<Port<Timer>['open']> {
    const tell = () => {
      this.#postponed = 0
      if (this.#nudged > 0) this.#nudged--
      this.onExpiry()
      indicate.timeout()
    }
    const expire = () => {
      if (!this.#needed && this.#nudged === 0) {
        this.#held = tell
        return
      }
      const lateMs = performance.now() - this.#dueMs
      if (lateMs <= this.#delayMs * TOLERATED_LAG || this.#postponed === POSTPONED_LIMIT) {
        tell()
        return
      }
      this.#postponed++
      this.#arm(expire, Math.min(lateMs, this.#delayMs))
    }
    return {
      upon: {
        start: (delayMs) => {
          if (this.#delayMs !== 0 && delayMs > this.#delayMs) this.onIncrease(delayMs)
          this.#delayMs = delayMs
          this.#held = undefined
          this.#arm(expire, delayMs)
        },
      },
      close: () => {
        clearTimeout(this.#running)
        this.#held = undefined
      },
    }
  }

  /** Whether somebody needs the detector from now on. */
  set needed(needed: boolean) {
    this.#needed = needed
    if (needed) this.#resume()
  }

  /** Somebody elsewhere needs us for a while. */
  nudge(): void {
    this.#nudged = NUDGED_PERIODS
    this.#resume()
  }

  #arm(expire: () => void, delayMs: number): void {
    clearTimeout(this.#running)
    this.#dueMs = performance.now() + delayMs
    this.#running = setTimeout(expire, delayMs)
  }

  #resume(): void {
    const held = this.#held
    this.#held = undefined
    held?.()
  }
}
