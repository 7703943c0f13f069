/** A queue whose ends cost the same however long it is. */
export class Fifo<T> {
  #items: T[] = []
  #head = 0

  get size(): number {
    return this.#items.length - this.#head
  }

  get first(): T | undefined {
    return this.#items[this.#head]
  }

  push(item: T): void {
    this.#items.push(item)
  }

  shift(): T | undefined {
    const item = this.#items[this.#head]
    if (this.#head < this.#items.length) this.#items[this.#head++] = undefined as T
    if (this.#head > 1_000 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    if (this.#head === this.#items.length) {
      this.#items = []
      this.#head = 0
    }
    return item
  }

  /** Takes the first item, or the last one, that is wanted. */
  take(from: 'first' | 'last', isWanted: (item: T) => boolean): T | undefined {
    const live = this.#items.slice(this.#head)
    const index = from === 'first' ? live.findIndex(isWanted) : live.findLastIndex(isWanted)
    if (index < 0) return undefined
    this.#items = live
    this.#head = 0
    return live.splice(index, 1)[0]
  }
}
