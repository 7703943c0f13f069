import { combine } from '../plan/random'
import { Agenda, type Due } from './agenda'
import type { LinkQueues, LinkQueuesOptions } from './link-queues'
import type { Scheduled } from './scheduled'

/** For many processes: only links in use take space, and a turn costs no more than their logarithm. The priority of a link is a hash. */
export class SparseLinkQueues implements LinkQueues {
  waiting = 0
  readonly #queues = new Map<number, Scheduled[]>()
  /** Links with anything under way, by priority; a link whose queue has become empty is passed over. */
  readonly #byPriority = new Agenda<Due>()
  /** The links in `byPriority`. */
  readonly #ready = new Set<number>()
  /** Links whose turn it was while they were cut. */
  readonly #blocked = new Set<number>()
  /** Where a bound holds: links by when their messages were sent; what was taken meanwhile is passed over. */
  readonly #byAge: Agenda<Due> | undefined
  /** The links that have fallen to the lowest priority. The least number comes first. */
  readonly #fallen = new Map<number, number>()
  readonly #seed: number
  readonly #changes: readonly number[]
  readonly #isCut: (link: number) => boolean
  #steps = 0

  constructor({ seed, changes, isBounded, isCut }: LinkQueuesOptions) {
    this.#seed = seed >>> 0
    this.#changes = changes
    this.#isCut = isCut
    this.#byAge = isBounded ? new Agenda() : undefined
  }

  enqueue(link: number, message: Scheduled): void {
    this.waiting++
    this.#byAge?.add({ timeUs: message.sentUs, order: link })
    const queue = this.#queues.get(link)
    if (queue === undefined) this.#queues.set(link, [message])
    else queue.push(message)
    if (!this.#blocked.has(link)) this.#await(link)
  }

  /** A link waits for its turn. */
  #await(link: number): void {
    if (this.#ready.has(link)) return
    this.#ready.add(link)
    this.#byPriority.add({ timeUs: this.#fallen.get(link) ?? combine(this.#seed, link), order: link })
  }

  take(): Scheduled | undefined {
    for (let first = this.#byPriority.first; first !== undefined; first = this.#byPriority.first) {
      const { order: link } = first
      const queue = this.#queues.get(link) as Scheduled[]
      const isCut = this.#isCut(link)
      if (queue.length > 0 && !isCut && !this.#changes.includes(++this.#steps)) return this.#takeFrom(queue)
      this.#byPriority.take()
      this.#ready.delete(link)
      if (queue.length === 0) continue
      if (isCut) this.#blocked.add(link)
      else {
        this.#fallen.set(link, 2 ** 32 + this.#steps) // hashes have 32 bits: this is below them all
        this.#await(link)
      }
    }
    return undefined
  }

  get oldestUs(): number {
    return this.#oldest?.timeUs ?? Number.POSITIVE_INFINITY
  }

  takeOldest(): Scheduled | undefined {
    const oldest = this.#oldest
    return oldest === undefined ? undefined : this.#takeFrom(this.#queues.get(oldest.order) as Scheduled[])
  }

  get #oldest(): Due | undefined {
    const byAge = this.#byAge
    for (let first = byAge?.first; first !== undefined; first = byAge?.first) {
      if (this.#queues.get(first.order)?.[0]?.sentUs === first.timeUs) return first
      byAge?.take()
    }
    return undefined
  }

  #takeFrom(queue: Scheduled[]): Scheduled | undefined {
    this.waiting--
    return queue.shift()
  }

  healed(link: number): void {
    if (this.#blocked.delete(link)) this.#await(link)
  }

  release(): Scheduled[] {
    const links = [...this.#queues.keys()].sort((a, b) => a - b)
    this.waiting = 0
    return links.flatMap((link) => (this.#queues.get(link) as Scheduled[]).splice(0))
  }

  *[Symbol.iterator](): Generator<Scheduled> {
    for (const queue of this.#queues.values()) yield* queue
  }
}
