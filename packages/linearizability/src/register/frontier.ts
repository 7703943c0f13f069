/** Columns of a row; the words of the set follow. */
export const VALUE = 0
export const SINCE = 1
export const SET = 2

/**
 * The configurations that a sweep may be in, as rows of numbers: the value, the moment of the last write, and a set of operations as words of
 * bits; and for each row its node in the tree of choices. Equal rows are kept once. If a row can do all that another can, `prune` drops the
 * other.
 */
export class Frontier {
  size = 0
  rows: Int32Array
  nodes: Int32Array
  #capacity = 16
  /** Open addressing: 1 + the index of a row, 0 for a free place. */
  #table = new Int32Array(64)

  constructor(readonly stride: number) {
    this.rows = new Int32Array(this.#capacity * stride)
    this.nodes = new Int32Array(this.#capacity)
  }

  clear(): void {
    this.size = 0
    this.#table.fill(0)
  }

  /** Adds the row that begins at `from[at]`, unless there is an equal one. */
  add(from: Int32Array, at: number, node: number): void {
    if (this.size === this.#capacity) this.#grow()
    const { rows, stride } = this
    const mask = this.#table.length - 1
    let place = hashOf(from, at, stride) & mask
    for (let other = this.#table[place]!; other !== 0; other = this.#table[place]!) {
      if (this.#same(from, at, (other - 1) * stride)) return
      place = (place + 1) & mask
    }
    this.#table[place] = this.size + 1
    const to = this.size * stride
    for (let i = 0; i < stride; i += 1) rows[to + i] = from[at + i]!
    this.nodes[this.size] = node
    this.size += 1
  }

  #same(from: Int32Array, at: number, other: number): boolean {
    for (let i = 0; i < this.stride; i += 1) if (from[at + i] !== this.rows[other + i]) return false
    return true
  }

  #grow(): void {
    this.#capacity *= 2
    const rows = new Int32Array(this.#capacity * this.stride)
    rows.set(this.rows)
    this.rows = rows
    const nodes = new Int32Array(this.#capacity)
    nodes.set(this.nodes)
    this.nodes = nodes
    this.#table = new Int32Array(this.#capacity * 4)
    const mask = this.#table.length - 1
    for (let row = 0; row < this.size; row += 1) {
      let place = hashOf(rows, row * this.stride, this.stride) & mask
      while (this.#table[place] !== 0) place = (place + 1) & mask
      this.#table[place] = row + 1
    }
  }

  /**
   * Moves to `into` the rows that no other row covers, best first, at most `width` of them; each is compared with at most
   * `LIMIT_COMPARED` better ones. Returns whether rows were left out only for the width.
   */
  prune(into: Frontier, width: number, none: number): boolean {
    const { rows, stride, size } = this
    into.clear()
    const order = Array.from({ length: size }, (_, row) => row)
    const weights = order.map((row) => this.#weight(row, none))
    order.sort((a, b) => weights[a]! - weights[b]! || a - b)
    for (const row of order) {
      const at = row * stride
      let dominated = false
      const compared = Math.min(into.size, LIMIT_COMPARED)
      for (let better = 0; better < compared && !dominated; better += 1) dominated = into.covers(better * stride, rows, at, none)
      if (dominated) continue
      if (into.size >= width) return true
      into.add(rows, at, this.nodes[row]!)
    }
    return false
  }

  /** Whether the row at `at` covers the row at `from[other]`: the same value (or the other has none), a last write no earlier, and a subset of its set. */
  covers(at: number, from: Int32Array, other: number, none: number): boolean {
    const { rows, stride } = this
    const value = from[other + VALUE]!
    if (rows[at + VALUE] !== value && value !== none) return false
    if (rows[at + SINCE]! < from[other + SINCE]!) return false
    for (let i = SET; i < stride; i += 1) if ((rows[at + i]! & ~from[other + i]!) !== 0) return false
    return true
  }

  /** A row never covers a row of less weight. */
  #weight(row: number, none: number): number {
    const at = row * this.stride
    let weight = this.rows[at + VALUE] === none ? 0.5 : 0
    for (let i = SET; i < this.stride; i += 1) weight += bitsIn(this.rows[at + i]!)
    return weight - this.rows[at + SINCE]! / 2 ** 33
  }
}

const LIMIT_COMPARED = 400

function hashOf(from: Int32Array, at: number, length: number): number {
  let hash = 0x811c9dc5
  for (let i = at; i < at + length; i += 1) {
    hash = Math.imul(hash ^ from[i]!, 0x9e3779b1)
    hash ^= hash >>> 15
  }
  return hash
}

function bitsIn(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555)
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333)
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
