import { Fifo } from '../messages/fifo'

interface Entry<T> {
  readonly key: number | undefined
  readonly item: T
  isTaken: boolean
}

/** Operations that wait for an answer, oldest first, and by a key: what is written. Each call takes constant time, on average over all. */
export class OperationQueue<T> {
  /** Among the others, some that were taken by their keys; never at the end. */
  readonly #all = new Fifo<Entry<T>>()
  readonly #byKey = new Map<number | undefined, Fifo<Entry<T>>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  get first(): T | undefined {
    return this.#oldest()?.item
  }

  push(key: number | undefined, item: T): void {
    const entry = { key, item, isTaken: false }
    this.#all.push(entry)
    const alike = this.#byKey.get(key) ?? new Fifo<Entry<T>>()
    this.#byKey.set(key, alike)
    alike.push(entry)
    this.#size++
  }

  /** Takes the oldest. */
  shift(): T | undefined {
    const entry = this.#oldest()
    if (entry === undefined) return undefined
    this.#all.shift()
    this.#byKey.get(entry.key)?.shift()
    return this.#taken(entry)
  }

  /** Takes the newest of those with this key. */
  takeNewest(key: number | undefined): T | undefined {
    const entry = this.#byKey.get(key)?.pop()
    if (entry === undefined) return undefined
    entry.isTaken = true
    while (this.#all.last?.isTaken) this.#all.pop()
    return this.#taken(entry)
  }

  #oldest(): Entry<T> | undefined {
    while (this.#all.first?.isTaken) this.#all.shift()
    return this.#all.first
  }

  #taken({ key, item }: Entry<T>): T {
    if (this.#byKey.get(key)?.size === 0) this.#byKey.delete(key)
    this.#size--
    return item
  }
}
