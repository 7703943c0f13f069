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
    // Not here, within whatever has made the room: what they send goes its own way.
    if (!this.isFull && this.#listeners.length > 0) queueMicrotask(this.#tell)
  }

  /** What one of them sends may fill a queue again. */
  readonly #tell = (): void => {
    const waiting = this.#listeners
    this.#listeners = []
    for (const listener of waiting) this.whenRoom(listener)
  }
}
