/** A step on the way to a configuration: an operation took effect, or each of several could, since it leaves the state as it is. */
export interface Step {
  readonly before: Step | undefined
  readonly how: 'applied' | 'absorbed'
  readonly operations: readonly number[]
  readonly moment: number
}

/** A possible condition of the object at a moment of its history. Sets of open operations are bits by their slots. */
export interface Configuration {
  /** The number of the state. */
  readonly state: number
  /** Open operations that took effect. */
  readonly done: bigint
  /** Open operations that may have taken effect where it made no difference, so they constrain nothing; they may still take effect. */
  readonly free: bigint
  /** How many pending operations of each kind took effect; missing is 0. */
  readonly used: readonly number[]
  /** How many open and pending operations took effect. The fewer, the more are left. */
  readonly weight: number
  readonly last: Step | undefined
}

/** Whether `a` can still do all that `b` can. Then the weight of `a` is at most that of `b`. */
function covers(a: Configuration, b: Configuration): boolean {
  if (a.weight > b.weight || (a.free & b.free) !== b.free || ((a.done ^ b.done) & ~a.free) !== 0n) return false
  if (a.used === b.used) return true
  for (let kind = 0; kind < a.used.length; kind += 1) if ((a.used[kind] ?? 0) > (b.used[kind] ?? 0)) return false
  return true
}

/** Configurations none of which covers another, as far as a limited number of comparisons shows. */
export class Antichain {
  readonly #byState = new Map<number, Configuration[]>()
  size = 0

  constructor(private readonly limitCompared: number) {}

  /** Adds a configuration unless another covers it; returns whether it did. Add them in order of weight. */
  add(one: Configuration): boolean {
    const others = this.#byState.get(one.state)
    if (others === undefined) this.#byState.set(one.state, [one])
    else {
      const compared = Math.min(others.length, this.limitCompared)
      for (let i = 0; i < compared; i += 1) if (covers(others[i] as Configuration, one)) return false
      others.push(one)
    }
    this.size += 1
    return true
  }

  /** At most `width` of them: for each state in turn the most promising. */
  best(width: number): Configuration[] {
    if (this.size <= width) return [...this.#byState.values()].flat()
    const lists = [...this.#byState.values()].map((list) => list.sort((a, b) => promise(b) - promise(a)))
    const best: Configuration[] = []
    for (let place = 0; best.length < width; place += 1)
      for (const list of lists) if (place < list.length && best.length < width) best.push(list[place] as Configuration)
    return best
  }
}

/** How many open operations are settled, minus what that used up of the pending ones. */
const promise = ({ done, free, weight }: Configuration): number => bitsIn(free) + 2 * bitsIn(done) - weight

function bitsIn(set: bigint): number {
  let count = 0
  for (let rest = set; rest !== 0n; rest >>= 32n) {
    let word = Number(rest & 0xffffffffn)
    word -= (word >>> 1) & 0x55555555
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333)
    count += Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
  }
  return count
}

/** A queue by weight, the lightest first. */
export class ByWeight {
  readonly #waiting: Configuration[][] = []
  #lightest = 0

  add(one: Configuration): void {
    const others = this.#waiting[one.weight]
    if (others) others.push(one)
    else this.#waiting[one.weight] = [one]
    this.#lightest = Math.min(this.#lightest, one.weight)
  }

  take(): Configuration | undefined {
    for (; this.#lightest < this.#waiting.length; this.#lightest += 1) {
      const one = this.#waiting[this.#lightest]?.pop()
      if (one) return one
    }
    return undefined
  }
}
