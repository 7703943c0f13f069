import { EventualLeaderDetector, type Port, type ProcessId } from '@upon/contract'
import { parseAbstractionId } from '@upon/protocol'

/** Decided topics hear of a new leader in batches of so many, so many milliseconds apart. */
const BATCH_TOPICS = 5
const PAUSE_MS = 5

type Trust = (p: ProcessId) => void

/**
 * The leader detector as the topics of a system see it: one detector's news, handed on to each topic's epoch change. Undecided topics
 * get them at once. Decided ones, which serve nobody but those who are behind, get them a few at a time, or as soon as somebody talks to
 * them: so the time that a new leader needs does not grow with all that was ever decided.
 */
export class LeaderNews implements Port<EventualLeaderDetector> {
  readonly sort = 'port'
  readonly abstraction = EventualLeaderDetector
  readonly #readers = new Map<string, Trust>()
  readonly #decided = new Set<string>()
  /** Decided topics that have not heard the latest. */
  readonly #waiting = new Set<string>()
  #timer: NodeJS.Timeout | undefined

  /** @param trusted whom everybody trusts at the start */
  constructor(private trusted: ProcessId) {}

  open({ path, indicate }: Parameters<Port<EventualLeaderDetector>['open']>[0]): ReturnType<Port<EventualLeaderDetector>['open']> {
    const topic = parseAbstractionId(path).index ?? ''
    this.#readers.set(topic, indicate.trust)
    indicate.trust(this.trusted)
    return { upon: {}, close: () => this.#forget(topic) }
  }

  /** The detector trusts another process. */
  trust(p: ProcessId): void {
    this.trusted = p
    for (const [topic, trust] of this.#readers) {
      if (this.#decided.has(topic)) this.#waiting.add(topic)
      else trust(p)
    }
    this.#spread()
  }

  /** Every topic has heard the latest. */
  get isTold(): boolean {
    return this.#waiting.size === 0
  }

  decided(topic: string): void {
    this.#decided.add(topic)
  }

  /** Somebody talks to a topic: it hears the latest first. */
  wake(topic: string): void {
    if (this.#waiting.size > 0 && this.#waiting.delete(topic)) this.#readers.get(topic)?.(this.trusted)
  }

  #spread(): void {
    if (this.#waiting.size === 0 || this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      let told = 0
      for (const topic of this.#waiting) {
        if (told++ === BATCH_TOPICS) break
        this.wake(topic)
      }
      this.#spread()
    }, PAUSE_MS)
  }

  #forget(topic: string): void {
    this.#readers.delete(topic)
    this.#decided.delete(topic)
    this.#waiting.delete(topic)
    if (this.#readers.size > 0) return
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
