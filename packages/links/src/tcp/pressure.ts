import type { Pressure } from '@upon/contract'

/** How much a queue presses: not at all, so that the application should wait, or so that what it hands in is refused. */
export type PressureLevel = 'none' | 'full' | 'overfull'

/** Back-pressure of an endpoint: that of its fullest queue. */
export class QueuePressure implements Pressure {
  #pressing = 0
  #overfull = 0
  #listeners: (() => void)[] = []

  get isFull(): boolean {
    return this.#pressing > 0
  }

  get isOverfull(): boolean {
    return this.#overfull > 0
  }

  whenRoom(listener: () => void): void {
    if (this.isFull) this.#listeners.push(listener)
    else listener()
  }

  /** One queue presses otherwise than before. */
  change(before: PressureLevel, now: PressureLevel): void {
    this.#pressing += (now === 'none' ? 0 : 1) - (before === 'none' ? 0 : 1)
    this.#overfull += (now === 'overfull' ? 1 : 0) - (before === 'overfull' ? 1 : 0)
    if (this.isFull) return
    const waiting = this.#listeners
    this.#listeners = []
    // what one of them sends may fill a queue again
    for (const listener of waiting) this.whenRoom(listener)
  }
}
