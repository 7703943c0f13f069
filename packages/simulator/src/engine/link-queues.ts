import { Random } from '../plan/random'
import type { Scheduled } from './scheduled'

/** Under priorities: what is under way on each link, oldest first. A turn takes one message. */
export interface LinkQueues extends Iterable<Scheduled> {
  /** How many messages wait for their turn. */
  readonly waiting: number
  /** When the message was sent that has waited longest, where a bound holds. */
  readonly oldestUs: number
  enqueue(link: number, message: Scheduled): void
  /** Takes the oldest message of the link of the highest priority that is not cut. */
  take(): Scheduled | undefined
  /** Takes the message that has waited longest, whatever its priority; of several sent at the same moment, that of the first link. */
  takeOldest(): Scheduled | undefined
  /** A link is whole again. */
  healed(link: number): void
  /** Ends priorities: returns everything that waits, by link. */
  release(): Scheduled[]
}

export interface LinkQueuesOptions {
  /** How many processes there are. */
  readonly n: number
  readonly seed: number
  /** The turns, counted from 1, before which the link whose turn it is falls to the lowest priority. */
  readonly changes: readonly number[]
  /** Whether delays are bounded, so that the oldest message is asked for. */
  readonly isBounded: boolean
  readonly isCut: (link: number) => boolean
}

/** For few processes: each turn looks at the links one after the other. */
export class ScannedLinkQueues implements LinkQueues {
  waiting = 0
  readonly #queues: Scheduled[][]
  readonly #byPriority: number[]
  readonly #changes: readonly number[]
  readonly #isCut: (link: number) => boolean
  #steps = 0

  constructor({ n, seed, changes, isCut }: LinkQueuesOptions) {
    this.#queues = Array.from({ length: n * n }, () => [])
    this.#byPriority = new Random(seed).shuffle(Array.from({ length: n * n }, (_, link) => link))
    this.#changes = changes
    this.#isCut = isCut
  }

  enqueue(link: number, message: Scheduled): void {
    this.#queues[link]?.push(message)
    this.waiting++
  }

  take(): Scheduled | undefined {
    const order = this.#byPriority
    for (let i = 0; i < order.length; i++) {
      const link = order[i] as number
      const queue = this.#queues[link] as Scheduled[]
      if (queue.length === 0 || this.#isCut(link)) continue
      if (this.#changes.includes(++this.#steps)) {
        order.push(...order.splice(i, 1))
        i--
        continue
      }
      this.waiting--
      return queue.shift()
    }
    return undefined
  }

  get oldestUs(): number {
    return this.#oldest?.[0]?.sentUs ?? Number.POSITIVE_INFINITY
  }

  takeOldest(): Scheduled | undefined {
    const oldest = this.#oldest
    if (oldest === undefined) return undefined
    this.waiting--
    return oldest.shift()
  }

  get #oldest(): Scheduled[] | undefined {
    const queues = this.#queues
    let oldest: Scheduled[] | undefined
    let oldestUs = Number.POSITIVE_INFINITY
    for (let link = 0; link < queues.length; link++) {
      const queue = queues[link] as Scheduled[]
      if (queue.length === 0 || (queue[0] as Scheduled).sentUs >= oldestUs) continue
      oldest = queue
      oldestUs = (queue[0] as Scheduled).sentUs
    }
    return oldest
  }

  healed(): void {}

  release(): Scheduled[] {
    this.waiting = 0
    return this.#queues.flatMap((queue) => queue.splice(0))
  }

  *[Symbol.iterator](): Generator<Scheduled> {
    for (const queue of this.#queues) yield* queue
  }
}
