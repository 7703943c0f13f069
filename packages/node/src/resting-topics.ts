/** The interval between two looks for idle decided topics, and the number of looks without a message after which a topic rests. */
const LOOK_MS = 500
const QUIET_LOOKS = 4
/** How many topics come to rest in one look: each takes a moment. */
const LIMIT_A_LOOK = 100

export interface RestingTopicsHost {
  /** The states of the instances of a topic, by path. */
  states(topic: string): Readonly<Record<string, object>>
  /** Frees the instances of a topic. */
  close(topic: string): void
}

/**
 * Decided topics that nobody talks to any more. A topic has a dozen instances, and they serve those who are behind, perhaps forever: what they promised
 * in an epoch binds them. So their instances are freed, and of their states only those that say something are kept. When somebody talks to the topic, or
 * the leader changes, the instances are made again and go on from these states.
 */
export class RestingTopics {
  /** Decided topics whose instances are there, with the number of looks since the last message. */
  readonly #awake = new Map<string, number>()
  readonly #resting = new Set<string>()
  readonly #states = new Map<string, object>()
  #timer: NodeJS.Timeout | undefined

  constructor(readonly host: RestingTopicsHost) {}

  get size(): number {
    return this.#resting.size
  }

  decided(topic: string): void {
    this.#awake.set(topic, 0)
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS).unref()
  }

  /** A message of the topic comes or goes. */
  touch(topic: string): void {
    if (this.#awake.has(topic)) this.#awake.set(topic, 0)
  }

  /** The instances of a topic are about to be made again, if it rests; says whether it did. */
  wake(topic: string): boolean {
    if (!this.#resting.delete(topic)) return false
    this.decided(topic)
    return true
  }

  /** The state that the instance at `path` goes on from, if it has rested. */
  take(path: string): object | undefined {
    if (this.#states.size === 0) return undefined
    const state = this.#states.get(path)
    this.#states.delete(path)
    return state
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    let rested = 0
    for (const [topic, looks] of this.#awake) {
      if (looks < QUIET_LOOKS) this.#awake.set(topic, looks + 1)
      else if (rested++ < LIMIT_A_LOOK) this.#rest(topic)
    }
    if (this.#awake.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #rest(topic: string): void {
    this.#awake.delete(topic)
    this.#resting.add(topic)
    for (const [path, state] of Object.entries(this.host.states(topic))) if (Object.keys(state).length > 0) this.#states.set(path, state)
    this.host.close(topic)
  }
}
