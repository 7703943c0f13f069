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
  /** Decided topics that have no instances at the moment. */
  readonly #resting = new Set<string>()
  #timer: NodeJS.Timeout | undefined

  /**
   * @param trusted the process that all trust at the start
   * @param onWake called when a resting topic must hear the news: its instances are to be made again
   */
  constructor(
    private trusted: ProcessId,
    readonly onWake: (topic: string) => void,
  ) {}

  open({ path, indicate }: Parameters<Port<EventualLeaderDetector>['open']>[0]): ReturnType<Port<EventualLeaderDetector>['open']> {
    const topic = parseAbstractionId(path).index ?? ''
    this.#readers.set(topic, indicate.trust)
    this.#resting.delete(topic)
    this.#waiting.delete(topic)
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
    for (const topic of this.#resting) this.#waiting.add(topic)
    this.#spread()
  }

  /** Every topic has heard the latest. */
  get isSpread(): boolean {
    return this.#waiting.size === 0
  }

  decided(topic: string): void {
    this.#decided.add(topic)
  }

  /** Somebody talks to a topic: it hears the latest first. */
  wake(topic: string): void {
    if (this.#waiting.size === 0 || !this.#waiting.delete(topic)) return
    const trust = this.#readers.get(topic)
    if (trust !== undefined) trust(this.trusted)
    else this.onWake(topic)
  }

  /** The instances of a decided topic are about to go, until it must hear news or somebody talks to it. */
  rest(topic: string): void {
    this.#resting.add(topic)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #spread(): void {
    if (this.#waiting.size === 0 || this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      let informed = 0
      for (const topic of this.#waiting) {
        if (informed++ === BATCH_TOPICS) break
        this.wake(topic)
      }
      this.#spread()
    }, PAUSE_MS)
  }

  #forget(topic: string): void {
    this.#readers.delete(topic)
    if (this.#resting.has(topic)) return
    this.#decided.delete(topic)
    this.#waiting.delete(topic)
    if (this.#waiting.size === 0) this.stop()
  }
}
