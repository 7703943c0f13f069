import { Random } from '../plan/random'
import type { Coming } from './coming'

/** The directed links between n processes: which are cut, what waits at a cut, and what waits for its turn under priorities. */
export class Links {
  /** How many cuts lie on each link. */
  readonly #cuts: number[]
  readonly #atCut = new Map<number, Coming[]>()
  /** Under priorities: what is under way on each link, oldest first. */
  #queues: Coming[][] = []
  #byPriority: number[] = []
  #changes: readonly number[] = []
  #steps = 0
  /** How many messages wait for their turn. */
  waiting = 0

  constructor(readonly n: number) {
    this.#cuts = new Array<number>(n * n).fill(0)
  }

  prioritise(seed: number, changes: readonly number[]): void {
    this.#queues = Array.from({ length: this.n * this.n }, () => [])
    this.#byPriority = new Random(seed).shuffle(Array.from({ length: this.n * this.n }, (_, link) => link))
    this.#changes = changes
  }

  isCut(link: number): boolean {
    return (this.#cuts[link] as number) > 0
  }

  cut(links: readonly number[]): void {
    for (const link of links) this.#cuts[link] = (this.#cuts[link] as number) + 1
  }

  /** Takes a cut away, and returns what had waited at links that are now whole. */
  heal(links: readonly number[]): Coming[] {
    const freed: Coming[] = []
    for (const link of links) {
      this.#cuts[link] = (this.#cuts[link] as number) - 1
      if (this.isCut(link)) continue
      freed.push(...(this.#atCut.get(link) ?? []))
      this.#atCut.delete(link)
    }
    return freed
  }

  waitAtCut(link: number, message: Coming): void {
    const there = this.#atCut.get(link)
    if (there === undefined) this.#atCut.set(link, [message])
    else there.push(message)
  }

  enqueue(link: number, message: Coming): void {
    this.#queues[link]?.push(message)
    this.waiting++
  }

  /** Takes the message whose turn it is: the oldest of the link of the highest priority that is not cut. */
  take(): Coming | undefined {
    const order = this.#byPriority
    for (let i = 0; i < order.length; i++) {
      const link = order[i] as number
      const queue = this.#queues[link] as Coming[]
      if (queue.length === 0 || this.isCut(link)) continue
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

  /** When the message was sent that has waited longest for its turn. */
  get oldestUs(): number {
    return this.#oldest?.[0]?.sentUs ?? Number.POSITIVE_INFINITY
  }

  /** Takes the message that has waited longest, whatever its priority. */
  takeOldest(): Coming | undefined {
    const oldest = this.#oldest
    if (oldest === undefined) return undefined
    this.waiting--
    return oldest.shift()
  }

  get #oldest(): Coming[] | undefined {
    const queues = this.#queues
    let oldest: Coming[] | undefined
    let oldestUs = Number.POSITIVE_INFINITY
    for (let link = 0; link < queues.length; link++) {
      const queue = queues[link] as Coming[]
      if (queue.length === 0 || (queue[0] as Coming).sentUs >= oldestUs) continue
      oldest = queue
      oldestUs = (queue[0] as Coming).sentUs
    }
    return oldest
  }

  /** Ends priorities: returns all that waited for its turn. */
  release(): Coming[] {
    const all = this.#queues.flatMap((queue) => queue.splice(0))
    this.waiting = 0
    return all
  }

  /** All that waits here, for whatever reason. */
  *[Symbol.iterator](): Generator<Coming> {
    for (const messages of this.#atCut.values()) yield* messages
    for (const queue of this.#queues) yield* queue
  }
}
