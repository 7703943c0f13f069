import { type Port, Timer } from '@upon/contract'

/** After somebody has shown that it needs us, the detector goes on for this many periods. */
const NUDGED_PERIODS = 20

/**
 * The failure detector's timer: runs while somebody needs the detector, and stands still otherwise. To the detector that is a slow
 * clock, which its model allows; to the machine it is silence.
 */
export class DemandTimer implements Port<Timer> {
  readonly sort = 'port'
  readonly abstraction = Timer
  #needed = false
  #nudged = 0
  #delayMs = 0
  #running: NodeJS.Timeout | undefined
  /** Set while a time-out is held back. */
  #held: (() => void) | undefined

  /** @param onExpiry called just before the detector is told of a time-out */
  constructor(
    readonly onIncrease: (delayMs: number) => void,
    readonly onExpiry: () => void,
  ) {}

  open({ indicate }: Parameters<Port<Timer>['open']>[0]): ReturnType<Port<Timer>['open']> {
    const expire = () => {
      if (!this.#needed && this.#nudged === 0) {
        this.#held = expire
        return
      }
      if (this.#nudged > 0) this.#nudged--
      this.onExpiry()
      indicate.timeout()
    }
    return {
      upon: {
        start: (delayMs) => {
          if (this.#delayMs !== 0 && delayMs > this.#delayMs) this.onIncrease(delayMs)
          this.#delayMs = delayMs
          clearTimeout(this.#running)
          this.#running = setTimeout(expire, delayMs)
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

  #resume(): void {
    const held = this.#held
    this.#held = undefined
    held?.()
  }
}
