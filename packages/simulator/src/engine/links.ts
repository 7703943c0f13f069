import { type LinkQueues, ScannedLinkQueues } from './link-queues'
import type { Scheduled } from './scheduled'
import { SparseLinkQueues } from './sparse-link-queues'

/** Up to so many processes, looking at each link takes less time than a heap. */
const SCANNED_PROCESSES_LIMIT = 64

/** The directed links between n processes: which are cut, what waits at a cut, and what waits for its turn under priorities. Only links in use take space. */
export class Links {
  /** How many cuts lie on each link; links that were never cut have no item. */
  readonly #cuts: number[] = []
  readonly #atCut = new Map<number, Scheduled[]>()
  /** Under priorities: what is under way. */
  queues: LinkQueues | undefined

  constructor(readonly n: number) {}

  prioritise(seed: number, changes: readonly number[], isBounded: boolean): LinkQueues {
    const Queues = this.n <= SCANNED_PROCESSES_LIMIT ? ScannedLinkQueues : SparseLinkQueues
    this.queues = new Queues({ n: this.n, seed, changes, isBounded, isCut: (link) => this.isCut(link) })
    return this.queues
  }

  isCut(link: number): boolean {
    return (this.#cuts[link] ?? 0) > 0
  }

  cut(links: readonly number[]): void {
    for (const link of links) this.#cuts[link] = (this.#cuts[link] ?? 0) + 1
  }

  /** Takes a cut away, and returns what had waited at links that are now whole. */
  heal(links: readonly number[]): Scheduled[] {
    const freed: Scheduled[] = []
    for (const link of links) {
      this.#cuts[link] = (this.#cuts[link] as number) - 1
      if (this.isCut(link)) continue
      freed.push(...(this.#atCut.get(link) ?? []))
      this.#atCut.delete(link)
      this.queues?.healed(link)
    }
    return freed
  }

  waitAtCut(link: number, message: Scheduled): void {
    const there = this.#atCut.get(link)
    if (there === undefined) this.#atCut.set(link, [message])
    else there.push(message)
  }

  /** All that waits here, for whatever reason. */
  *[Symbol.iterator](): Generator<Scheduled> {
    for (const messages of this.#atCut.values()) yield* messages
    if (this.queues !== undefined) yield* this.queues
  }
}
