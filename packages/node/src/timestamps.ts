import type { AbstractionId } from '@upon/protocol'
import { LimitError } from './limits'
import { HIGHEST_TIMESTAMP, MeaningError, type WireMessage } from './wire'

/** How high a timestamp of a register may be from the start. */
export const REGISTER_HEADROOM = 2 ** 26
/** How much higher each second: more than a register has operations, for each takes two message delays at least. */
export const REGISTER_RATE = 2 ** 13
/** The same for the epochs of a topic. */
export const TOPIC_HEADROOM = 2 ** 24
/** A topic's epochs grow by up to one more than the highest rank at a time: so often from the start, and each second. */
const ROUNDS_OF_HEADROOM = 2 ** 10
const ROUNDS_PER_SECOND = 2 ** 10
const HIGHEST_HEADROOM_OF_TOPIC = 2 ** 28

/** What is above by no more than what others may have by their clocks is kept until it is due by ours: the hub starts us one after the other. */
const HOLD_MS = 60_000
/** So many messages of one process. */
export const LIMIT_EARLY = 100

/** The timestamp that a message carries; 0 if none. */
export function timestampOf(message: WireMessage): number {
  if ('ts' in message) return message.ts
  return 'valts' in message ? message.valts : 0
}

interface Ceiling {
  readonly headroom: number
  readonly rate: number
}

/**
 * How high the timestamps of a system can be by now, if nobody lies. Honest processes raise them by one operation after the other, so the time since the
 * system began bounds them, for all processes alike. Wrong messages, however many there are, bring a name only to that bound, which is the end of
 * all timestamps after 70 hours at the earliest. An honest process that was led there sends nothing above it, so whatever it sends can be received.
 */
export class Timestamps {
  readonly #startMs = performance.now()
  readonly #register: Ceiling = { headroom: REGISTER_HEADROOM, rate: REGISTER_RATE }
  readonly #topic: Ceiling
  readonly #early = new Map<string, number>()
  readonly #timers = new Set<NodeJS.Timeout>()

  constructor(highestRank: number) {
    const step = highestRank + 1
    const headroom = Math.min(Math.max(TOPIC_HEADROOM, ROUNDS_OF_HEADROOM * step), HIGHEST_HEADROOM_OF_TOPIC)
    this.#topic = { headroom, rate: ROUNDS_PER_SECOND * step }
  }

  /** The highest timestamp that there can be now. */
  highest({ kind }: Pick<AbstractionId, 'kind'>): number {
    const { headroom, rate } = kind === 'uc' ? this.#topic : this.#register
    return Math.min(HIGHEST_TIMESTAMP, headroom + Math.floor((rate * (performance.now() - this.#startMs)) / 1_000))
  }

  /**
   * Whether a timestamp from process p can be by now. If it can be soon, `retry` is called then. Throws `MeaningError` if it is far too high, `LimitError` if
   * too many of p wait.
   */
  admit(id: Pick<AbstractionId, 'kind'>, p: string, timestamp: number, retry: () => void): boolean {
    const above = timestamp - this.highest(id)
    if (above <= 0) return true
    const { rate } = id.kind === 'uc' ? this.#topic : this.#register
    const waitMs = Math.ceil((above * 1_000) / rate)
    if (waitMs > HOLD_MS) throw new MeaningError(`the timestamp ${timestamp} cannot be: ${this.highest(id)} is the highest by now`)
    const early = this.#early.get(p) ?? 0
    if (early >= LIMIT_EARLY) throw new LimitError(`${LIMIT_EARLY} messages of ${p} wait already until their timestamps can be`)
    this.#early.set(p, early + 1)
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#early.set(p, (this.#early.get(p) ?? 1) - 1)
      retry()
    }, waitMs)
    this.#timers.add(timer)
    return false
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }
}
