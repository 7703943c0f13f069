import type { Pressure } from '@upon/contract'

/** The pressure of a queue: none; `full`: the application should wait; `overfull`: what it submits is refused. */
export type PressureLevel = 'none' | 'full' | 'overfull'

/** The back-pressure of an endpoint: that of its fullest queue. */
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

  /** The level of one queue has changed. */
  change(before: PressureLevel, now: PressureLevel): void {
    this.#pressing += (now === 'none' ? 0 : 1) - (before === 'none' ? 0 : 1)
    this.#overfull += (now === 'overfull' ? 1 : 0) - (before === 'overfull' ? 1 : 0)
    // Not now: what the listeners send must not run inside the code that has made the room.
    if (!this.isFull && this.#listeners.length > 0) queueMicrotask(this.#notify)
  }

  /** What one listener sends may fill a queue again. */
  readonly #notify = (): void => {
    const waiting = this.#listeners
    this.#listeners = []
    for (const listener of waiting) this.whenRoom(listener)
  }
}
