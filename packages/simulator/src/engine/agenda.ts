/** Something due at a moment of virtual time. Small and of one shape, since millions are made. */
export interface Due {
  timeUs: number
  /** Orders what is due at the same moment; no two are equal. */
  order: number
}

/** What is due, by time and order: a 4-ary heap. */
export class Agenda<T extends Due> {
  readonly #heap: T[] = []

  get length(): number {
    return this.#heap.length
  }

  get first(): T | undefined {
    return this.#heap[0]
  }

  add(item: T): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(item)
    const { timeUs, order } = item
    while (at > 0) {
      const up = (at - 1) >> 2
      const above = heap[up] as T
      if (above.timeUs < timeUs || (above.timeUs === timeUs && above.order < order)) break
      heap[at] = above
      at = up
    }
    heap[at] = item
  }

  take(): T | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (last !== undefined && heap.length > 0) this.#sink(last)
    return first
  }

  /** Takes something out before its time has come. For those who act by hand: it looks at everything. */
  remove(item: T): void {
    const others = this.#heap.filter((other) => other !== item)
    this.#heap.length = 0
    for (const other of others) this.add(other)
  }

  /** Everything that is due, in no order. */
  [Symbol.iterator](): Iterator<T> {
    return this.#heap[Symbol.iterator]()
  }

  #sink(item: T): void {
    const heap = this.#heap
    const { length } = heap
    const { timeUs, order } = item
    let at = 0
    for (;;) {
      const from = 4 * at + 1
      if (from >= length) break
      const to = Math.min(from + 4, length)
      let least = from
      let below = heap[from] as T
      for (let i = from + 1; i < to; i++) {
        const other = heap[i] as T
        if (other.timeUs < below.timeUs || (other.timeUs === below.timeUs && other.order < below.order)) {
          least = i
          below = other
        }
      }
      if (timeUs < below.timeUs || (timeUs === below.timeUs && order < below.order)) break
      heap[at] = below
      at = least
    }
    heap[at] = item
  }
}
