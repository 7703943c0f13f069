import type { EndpointLimits } from '../limits'
import { type FrameLog, GUARANTEED_BYTES } from './frame-log'
import type { PressureLevel, QueuePressure } from './pressure'

/** Shares of a queue's limits from which it presses, presses hard, and below which it no longer does. */
const FULL = 1 / 2
const OVERFULL = 3 / 4
const ROOM = 1 / 4

/**
 * How much one queue presses. What all queues hold together counts too, for those that hold more than is guaranteed to each. A queue of which
 * nothing gets through for `patienceMs` presses no longer: the others go on, until its peer is given up.
 */
export class QueueGauge {
  readonly #log: FrameLog
  readonly #limits: EndpointLimits
  readonly #pressure: QueuePressure
  #level: PressureLevel = 'none'
  #isStuck = false
  #progress = 0
  #timer: NodeJS.Timeout | undefined

  constructor(log: FrameLog, limits: EndpointLimits, pressure: QueuePressure) {
    this.#log = log
    this.#limits = limits
    this.#pressure = pressure
  }

  grown(): void {
    if (this.#isStuck || this.#level === 'overfull' || !this.#isAbove(FULL)) return
    const wasPressing = this.#level !== 'none'
    this.#set(this.#isAbove(OVERFULL) ? 'overfull' : 'full')
    if (!wasPressing) this.#watch()
  }

  /** Frames have got through. */
  progressed(): void {
    this.#progress++
    if (this.#isStuck) {
      this.#isStuck = false
      this.grown()
    } else if (this.#level === 'none') return
    else if (!this.#isAbove(ROOM)) this.#release()
    else if (!this.#isAbove(OVERFULL)) this.#set('full')
  }

  /** The queue is gone. */
  stop(): void {
    this.#isStuck = true
    this.#release()
  }

  #isAbove(share: number): boolean {
    const { frames, bytes, budget } = this.#log
    const { queueFrames, queueBytes, totalQueueBytes } = this.#limits
    if (frames >= share * queueFrames || bytes >= share * queueBytes) return true
    return bytes > GUARANTEED_BYTES && budget.bytes >= share * totalQueueBytes
  }

  #set(level: PressureLevel): void {
    const before = this.#level
    this.#level = level
    if (level !== before) this.#pressure.change(before, level)
  }

  #release(): void {
    clearTimeout(this.#timer)
    this.#set('none')
  }

  #watch(): void {
    const before = this.#progress
    this.#timer = setTimeout(() => {
      // When it was this process that stood still, what came meanwhile is read first.
      setImmediate(() => {
        if (this.#level === 'none') return
        if (this.#progress !== before) return this.#watch()
        this.#isStuck = true
        this.#release()
      })
    }, this.#limits.patienceMs).unref()
  }
}
