import { NONE, type Timeline } from './timeline'

/** What the rest of a history still has use for. */
export class Prospects {
  /** The moment of the last read to begin that can need this write, if it is not needed by one that is open. */
  readonly lastUse: Int32Array
  /** For each value, when the next read of it begins; beyond all moments if none does. */
  readonly #nextRead: Int32Array
  /** For each read, when the next one of the same value begins. */
  readonly #following: Int32Array
  /** By moment + 1: when the first of the writes that begin after it ends: no value stays longer. */
  readonly #horizon: Int32Array
  /** By moment + 1: the last moment before the next write begins. */
  readonly #lastedTo: Int32Array

  constructor(line: Timeline<unknown>) {
    const { moments, isWrite, end, value, values, operations } = line
    const never = moments.length
    this.#nextRead = new Int32Array(values).fill(never + 1)
    this.#following = new Int32Array(operations.length)
    this.#horizon = new Int32Array(never + 2).fill(never)
    this.#lastedTo = new Int32Array(never + 2).fill(never)
    for (let moment = never - 1; moment >= 0; moment -= 1) {
      this.#horizon[moment] = this.#horizon[moment + 1]!
      this.#lastedTo[moment] = this.#lastedTo[moment + 1]!
      const operation = moments[moment]!
      if (operation < 0) continue
      if (isWrite[operation]) {
        this.#horizon[moment] = Math.min(this.#horizon[moment]!, end[operation]!)
        this.#lastedTo[moment] = moment - 1
      } else {
        this.#following[operation] = this.#nextRead[value[operation]!]!
        this.#nextRead[value[operation]!] = moment
      }
    }
    this.lastUse = this.#lastUses(line)
  }

  #lastUses({ operations, isWrite, value, values, end, begin, moments }: Timeline<unknown>): Int32Array {
    const lastUse = new Int32Array(operations.length).fill(-1)
    const reads: number[][] = Array.from({ length: values }, () => [])
    operations.forEach((_, i) => {
      if (!isWrite[i]) reads[value[i]!]!.push(begin[i]!)
    })
    operations.forEach((_, i) => {
      if (!isWrite[i]) return
      const until = end[i] === moments.length ? moments.length : this.#horizon[end[i]! + 1]!
      lastUse[i] = lastBelow(reads[value[i]!]!, until)
    })
    return lastUse
  }

  /** A read has begun. */
  begun(read: number, value: number): void {
    this.#nextRead[value] = this.#following[read]!
  }

  /** `value`, written at `since`, or NONE if no read that begins from now on can return it. */
  worth(value: number, since: number): number {
    return this.#nextRead[value]! < this.#horizon[since + 1]! ? value : NONE
  }

  /** The last moment that no write begins before, counted from `moment`. */
  lastedTo(moment: number): number {
    return this.#lastedTo[moment + 1]!
  }
}

function lastBelow(sorted: readonly number[], limit: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < limit) low = middle + 1
    else high = middle
  }
  return sorted[low - 1] ?? -1
}
