/** Spreads the bits of a 32-bit number: the finaliser of splitmix32. */
export function mix(x: number): number {
  let z = (x + 0x9e3779b9) | 0
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
  return (z ^ (z >>> 15)) >>> 0
}

/** Mixes two 32-bit numbers into one, so that neighbours become unrelated. */
export const combine = (a: number, b: number): number => mix(Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ b)

/** A 32-bit hash of a text. */
export function hashOf(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return mix(h)
}

/** Random numbers from a seed: xoshiro128**, the same on every machine. Seeds are whole numbers from 0 to 2^53 - 1. */
export class Random {
  #a: number
  #b: number
  #c: number
  #d: number

  constructor(seed: number) {
    if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`seed ${seed}: expected a whole number from 0 to 2^53 - 1`)
    const low = seed >>> 0
    const high = Math.floor(seed / 2 ** 32)
    this.#a = combine(low, 1)
    this.#b = combine(high, 2)
    this.#c = combine(low ^ 0x5bd1e995, 3)
    this.#d = combine(high ^ low, 4) | 1
    for (let i = 0; i < 8; i++) this.next()
  }

  /** 32 random bits, as a number from 0 to 2^32 - 1. */
  next(): number {
    const x = Math.imul(this.#b, 5)
    const result = Math.imul((x << 7) | (x >>> 25), 9)
    const t = this.#b << 9
    this.#c ^= this.#a
    this.#d ^= this.#b
    this.#b ^= this.#c
    this.#a ^= this.#d
    this.#c ^= t
    this.#d = (this.#d << 11) | (this.#d >>> 21)
    return result >>> 0
  }

  /** A whole number from 0 to `limit` - 1; `limit` is at most 2^21. */
  below(limit: number): number {
    return Math.floor((this.next() * limit) / 2 ** 32)
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1)
  }

  /** True with a probability of `percent` percent. */
  chance(percent: number): boolean {
    return this.below(100) < percent
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('nothing to pick from')
    return items[this.below(items.length)] as T
  }

  /** The same items in random order. */
  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items]
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.below(i + 1)
      const item = shuffled[i] as T
      shuffled[i] = shuffled[j] as T
      shuffled[j] = item
    }
    return shuffled
  }
}

/** `0x1f`, as seeds are written. */
export const hex = (seed: number): string => `0x${seed.toString(16)}`

/** 32 bits as 8 hexadecimal digits. */
export const digits = (h: number): string => (h >>> 0).toString(16).padStart(8, '0')
