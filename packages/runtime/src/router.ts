import type { ProcessId } from '@upon/contract'

type Deliver = (from: ProcessId, message: unknown) => void

/** How many messages are kept for instances that are not made yet. */
export interface HoldLimits {
  /** For one instance; 10,000 unless told. */
  readonly perInstance: number
  /** For all of a process; 100,000 unless told. */
  readonly perProcess: number
}

export const DEFAULT_HOLD_LIMITS: HoldLimits = { perInstance: 10_000, perProcess: 100_000 }

interface Held {
  readonly from: ProcessId
  readonly message: unknown
}

/**
 * Hands messages to the link instance of their path. Those for an instance that is not made yet are kept, for whoever sent them will
 * not send them again: losing them costs liveness. Those for an instance that is no more are dropped. All is bounded and counted.
 */
export class Router {
  readonly #routes = new Map<string, Deliver>()
  readonly #held = new Map<string, Held[]>()
  /** The lowest index that an increasing family still takes messages for, by the path before its index. */
  readonly #lowest = new Map<string, number>()
  #heldCount = 0
  /** Messages dropped because too many were kept already. */
  overflowed = 0
  /** Messages dropped because their instance is no more. */
  late = 0

  constructor(
    readonly limits: HoldLimits,
    readonly onMissing: (path: string, from: ProcessId, message: unknown) => void,
  ) {}

  get held(): number {
    return this.#heldCount
  }

  /** What decides where the next message goes, besides the links that are open. Live. */
  get memory(): object {
    return { held: this.#held, lowest: this.#lowest }
  }

  open(path: string, deliver: Deliver): void {
    if (this.#routes.has(path)) throw new TypeError(`${path}: there is a link of this path already; give one of the instances another name`)
    this.#routes.set(path, deliver)
    const waiting = this.#held.get(path)
    if (waiting === undefined) return
    this.#forget(path, waiting)
    for (const { from, message } of waiting) deliver(from, message)
  }

  close(path: string): void {
    this.#routes.delete(path)
  }

  receive(from: ProcessId, path: string, message: unknown): void {
    const deliver = this.#routes.get(path)
    if (deliver !== undefined) deliver(from, message)
    else this.#hold(from, path, message)
  }

  /** The increasing family at `prefix` (`app.uc[x].ep`) has come to `index`: what is below it is past. It never goes back. */
  advance(prefix: string, index: number): void {
    if (index <= (this.#lowest.get(prefix) ?? 0)) return
    this.#lowest.set(prefix, index)
    if (this.#heldCount === 0) return
    for (const [path, waiting] of this.#held) {
      if (!path.startsWith(prefix) || !this.#isPast(path)) continue
      this.#forget(path, waiting)
      this.late += waiting.length
    }
  }

  /** Forgets all about the family at `prefix`. */
  forgetFamily(prefix: string): void {
    this.#lowest.delete(prefix)
  }

  #hold(from: ProcessId, path: string, message: unknown): void {
    if (this.#isPast(path)) {
      this.late++
      return
    }
    let waiting = this.#held.get(path)
    if (this.#heldCount >= this.limits.perProcess || (waiting?.length ?? 0) >= this.limits.perInstance) {
      this.overflowed++
      return
    }
    if (waiting === undefined) {
      waiting = []
      this.#held.set(path, waiting)
    }
    waiting.push({ from, message })
    this.#heldCount++
    this.onMissing(path, from, message)
  }

  #isPast(path: string): boolean {
    const [, prefix, index] = /^(.*)\[(\d+)\][^[\]]*$/s.exec(path) ?? []
    return prefix !== undefined && Number(index) < (this.#lowest.get(prefix) ?? 0)
  }

  #forget(path: string, waiting: readonly Held[]): void {
    this.#held.delete(path)
    this.#heldCount -= waiting.length
  }
}
