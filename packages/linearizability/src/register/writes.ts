import { describe, InvalidHistory, isPending, type Operation, precedes, responseOf } from '../history'

/** The writes of one writer, in order. Throws InvalidHistory if two overlap; a write that never ended may overlap later ones. */
export class Writes<V> {
  /** The writes that ended, in order. */
  readonly #completed: readonly Operation<V>[]
  readonly #pending: readonly Operation<V>[]
  readonly #completedOf = new Map<V | undefined, Operation<V>[]>()
  /** For each value the first write that never ended: it overlaps all that later ones of that value overlap. */
  readonly #pendingOf = new Map<V | undefined, Operation<V>>()

  constructor(history: readonly Operation<V>[]) {
    const writes = history.filter(({ kind }) => kind === 'write').sort((a, b) => a.invokedAtMs - b.invokedAtMs)
    this.#completed = writes.filter((write) => !isPending(write))
    this.#pending = writes.filter(isPending)
    this.#completed.forEach((write, i) => {
      const next = this.#completed[i + 1]
      if (next && !precedes(write, next)) throw new InvalidHistory(`${describe(write)} overlaps ${describe(next)}; expected one writer`)
      const same = this.#completedOf.get(write.value)
      if (same) same.push(write)
      else this.#completedOf.set(write.value, [write])
    })
    for (const write of this.#pending) if (!this.#pendingOf.has(write.value)) this.#pendingOf.set(write.value, write)
  }

  /** The last write that ended before a read began; `undefined` for the initial value. */
  lastBefore(read: Operation<V>): Operation<V> | undefined {
    return this.#completed[countBefore(this.#completed, (write) => precedes(write, read)) - 1]
  }

  overlapping(read: Operation<V>): Operation<V>[] {
    const from = countBefore(this.#completed, (write) => precedes(write, read))
    const to = countBefore(this.#completed, (write) => hasBegun(write, read))
    return [...this.#completed.slice(from, to), ...this.#pending.filter((write) => hasBegun(write, read))]
  }

  /** Whether a write that overlaps a read wrote what it returned. */
  someOverlapWrote(read: Operation<V>): boolean {
    return this.#firstOf(read, read.invokedAtMs) !== undefined
  }

  /**
   * The write whose value a read may have returned: the first that was neither overwritten nor older than `newest`, which was read before; otherwise
   * the first that was not older; otherwise the last. `undefined` is the initial value; `none`: the value had not been written.
   */
  returnedBy(read: Operation<V>, newest: Operation<V> | undefined): Operation<V> | undefined | 'none' {
    const newestMs = newest?.invokedAtMs ?? Number.NEGATIVE_INFINITY
    const last = this.lastBefore(read)
    const isInitial = read.value === undefined
    if (isInitial && !last && !newest) return undefined
    const first = this.#firstOf(read, Math.max(newestMs, last ? responseOf(last) : newestMs)) ?? this.#firstOf(read, newestMs)
    if (first) return first
    const same = this.#completedOf.get(read.value) ?? []
    return same[countBefore(same, (write) => hasBegun(write, read)) - 1] ?? (isInitial ? undefined : 'none')
  }

  /** The first write of a read's value, begun before the read ended, that did not end before `fromMs`. */
  #firstOf(read: Operation<V>, fromMs: number): Operation<V> | undefined {
    const same = this.#completedOf.get(read.value) ?? []
    const [completed, pending] = [same[countBefore(same, (write) => responseOf(write) < fromMs)], this.#pendingOf.get(read.value)]
    const first = !pending || (completed && completed.invokedAtMs < pending.invokedAtMs) ? completed : pending
    return first && hasBegun(first, read) ? first : undefined
  }
}

const hasBegun = <V>(write: Operation<V>, read: Operation<V>): boolean => write.invokedAtMs <= responseOf(read)

/** How many at the beginning of `sorted` satisfy what no later one does once one does not. */
function countBefore<T>(sorted: readonly T[], holds: (item: T) => boolean): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(sorted[middle]!)) low = middle + 1
    else high = middle
  }
  return low
}
