import type { EndpointLimits } from '../limits'
import { type FrameLog, GUARANTEED_BYTES } from './frame-log'
import type { PressureLevel, QueuePressure } from './pressure'

/** Shares of the limits of a queue: from these on it is full and overfull, and below the last it has room again. */
const FULL = 1 / 2
const OVERFULL = 3 / 4
const ROOM = 1 / 4

/**
 * The pressure of one queue. The total of all queues counts, too, for queues that hold more than is guaranteed to each. If a peer takes nothing for
 * `patienceMs`, its queue no longer counts: the application goes on with the others, until that peer is given up.
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

  /** Frames have left the queue. */
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
      // If it was this process that was frozen, what arrived in the meantime is read first.
      setImmediate(() => {
        if (this.#level === 'none') return
        if (this.#progress !== before) return this.#watch()
        this.#isStuck = true
        this.#release()
      })
    }, this.#limits.patienceMs).unref()
  }
}
