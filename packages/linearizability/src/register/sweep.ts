import type { Budget } from '../budget'
import { type Choice, ChoiceTree } from './choices'
import { Frontier, SET, SINCE, VALUE } from './frontier'
import { Prospects } from './prospects'
import { NONE, type Timeline } from './timeline'

export type Swept =
  | { readonly end: 'order'; readonly choices: readonly Choice[] }
  /** No order goes beyond this moment. If not `exact`, this is only known of the orders that were followed. */
  | { readonly end: 'stuck'; readonly moment: number; readonly exact: boolean }
  | { readonly end: 'limit' }

export interface SweepOptions {
  /** The number of configurations followed at a time, the most promising ones. If there are more, the sweep is no longer exact. */
  readonly width: number
  /** `endless`: a pending write may take effect any number of times. If such a sweep is stuck, there is no order. */
  readonly pending: 'once' | 'endless'
}

/**
 * Decides a history of a register moment by moment, and keeps all possible configurations: the value, the moment of the last write, the
 * open reads still to be satisfied, and the open writes that some read needed. Every operation takes effect as late as possible: at the response of
 * an operation that must have taken effect by then (Lowe's just-in-time linearization). For a register this means:
 *
 * - A read is satisfied as soon as the register has its value.
 * - A write that no read needs may come just before any other write during its interval: after such a write it is *free* and constrains nothing.
 * - A write that is read during its interval and overwritten at once may come there too (`then`). This is decided as late as possible.
 * - Of the open writes of one value, the first to end is used first: the last to end can do what the others can.
 * - A value that no read can still return becomes `NONE`, and a write that no read can still need is forgotten.
 *
 * So a configuration is a value, a moment and a set of open operations. There are few at a time even if many operations overlap,
 * unless many pending writes wrote values that were read more often than written.
 */
export class Sweep<V> {
  readonly #line: Timeline<V>
  readonly #options: SweepOptions
  readonly #prospects: Prospects
  readonly #openReads: number[][]
  /** By value, in order of their ends. */
  readonly #openWrites: number[][]
  readonly #row: Int32Array
  #now: Frontier
  #next: Frontier
  #exact = true
  #mayRepeat = false
  #moment = 0
  readonly #tree = new ChoiceTree()

  constructor(
    line: Timeline<V>,
    options: SweepOptions,
    private readonly budget: Budget,
  ) {
    this.#line = line
    this.#options = options
    this.#prospects = new Prospects(line)
    this.#openReads = Array.from({ length: line.values }, () => [])
    this.#openWrites = Array.from({ length: line.values }, () => [])
    const stride = SET + Math.max(1, Math.ceil(line.slots / 32))
    this.#row = new Int32Array(stride)
    this.#now = new Frontier(stride)
    this.#next = new Frontier(stride)
    this.#row[SINCE] = -1
    this.#row[VALUE] = this.#prospects.worth(0, -1)
    this.#now.add(this.#row, 0, -1)
  }

  run(): Swept {
    const { moments, isWrite } = this.#line
    for (let moment = 0; moment < moments.length; moment += 1) {
      this.#moment = moment
      const happens = moments[moment]!
      const operation = happens < 0 ? ~happens : happens
      if (happens < 0) {
        if (isWrite[operation]) this.#endWrite(operation)
        else this.#endRead(operation)
      } else if (isWrite[operation]) this.#beginWrite(operation)
      else this.#beginRead(operation)
      if (this.#now.size === 0) return { end: 'stuck', moment, exact: this.#exact }
      if (!this.budget.spend(this.#now.size) || this.#tree.bytes > this.budget.limitBytes) return { end: 'limit' }
    }
    return { end: 'order', choices: this.#tree.path(this.#now.nodes[0]!) }
  }

  #beginWrite(write: number): void {
    const { end, value } = this.#line
    const open = this.#openWrites[value[write]!]!
    let at = open.length
    while (at > 0 && end[open[at - 1]!]! > end[write]!) at -= 1
    open.splice(at, 0, write)
  }

  #beginRead(read: number): void {
    const value = this.#line.value[read]!
    this.#openReads[value]!.push(read)
    this.#prospects.begun(read, value)
    const { rows, stride, size } = this.#now
    for (let row = 0; row < size; row += 1) {
      const at = row * stride
      if (rows[at + VALUE] === value) rows[at + VALUE] = this.#prospects.worth(value, rows[at + SINCE]!)
      else {
        this.#put(rows, at, read)
        if (rows[at + SINCE]! >= this.#moment) rows[at + SINCE] = this.#moment - 1
      }
      this.#forget(rows, at, value)
    }
    this.#mayRepeat = true
  }

  #endRead(read: number): void {
    if (this.#anyHas(read)) {
      this.#branch((at) => {
        if (this.#has(this.#now.rows, at, read)) this.#satisfy(at, read)
        else this.#keep(at)
      })
    }
    remove(this.#openReads[this.#line.value[read]!]!, read)
  }

  /** The read must have taken effect by now: in the past just before the last write, or now. */
  #satisfy(at: number, read: number): void {
    const { value: values, begin } = this.#line
    const { rows } = this.#now
    const value = values[read]!
    const since = rows[at + SINCE]!
    const open = this.#openWrites[value]!
    const now = open.find((write) => !this.#has(rows, at, write))
    if (now === undefined) return
    const then = begin[read]! <= since ? open.find((write) => begin[write]! <= since && !this.#has(rows, at, write)) : undefined
    if (then !== undefined && rows[at + VALUE] !== NONE) {
      this.#then(at, then)
      if (now === then && this.#prospects.worth(value, this.#moment) === NONE && !this.#awaited(at, value, since)) return
    }
    this.#write(at, now)
  }

  #endWrite(write: number): void {
    const { value: values, begin } = this.#line
    const value = values[write]!
    remove(this.#openWrites[value]!, write)
    this.#branch((at) => {
      const { rows } = this.#now
      if (this.#has(rows, at, write)) {
        this.#load(at)
        this.#take(this.#row, 0, write)
        this.#emit(this.#nodeAt(at), value)
        return
      }
      const since = rows[at + SINCE]!
      const mustNow = begin[write]! > since
      const useful = mustNow || this.#prospects.worth(value, this.#moment) !== NONE || this.#awaited(at, value, since)
      if (useful) this.#write(at, write)
      if (mustNow || (useful && rows[at + VALUE] === NONE)) return
      if (this.#awaited(at, value, -1)) this.#then(at, write)
      else this.#keep(at)
    })
  }

  /** Whether a read of `value` that began after `since` is not yet satisfied. */
  #awaited(at: number, value: number, since: number): boolean {
    return this.#openReads[value]!.some((read) => this.#line.begin[read]! > since && this.#has(this.#now.rows, at, read))
  }

  #keep(at: number): void {
    this.#next.add(this.#now.rows, at, this.#nodeAt(at))
  }

  /** `write` takes effect now, and its value stays. */
  #write(at: number, write: number): void {
    this.#load(at)
    const value = this.#line.value[write]!
    const row = this.#row
    for (const read of this.#openReads[value]!) this.#take(row, 0, read)
    this.#use(write)
    row[SINCE] = this.#prospects.lastedTo(this.#moment)
    row[VALUE] = this.#prospects.worth(value, this.#moment)
    this.#emit(this.#tree.add(this.#nodeAt(at), { when: 'now', write, moment: this.#moment }), value)
  }

  /** `write` took effect just before the last write, seen by the reads that were open then. */
  #then(at: number, write: number): void {
    this.#load(at)
    const { value: values, begin } = this.#line
    const value = values[write]!
    const row = this.#row
    let seen = false
    for (const read of this.#openReads[value]!) {
      if (begin[read]! > row[SINCE]! || !this.#has(row, 0, read)) continue
      this.#take(row, 0, read)
      seen = true
    }
    if (seen) this.#use(write)
    const node = this.#nodeAt(at)
    this.#emit(seen ? this.#tree.add(node, { when: 'then', write, moment: this.#moment }) : node, value)
  }

  /** Puts a write into the set, unless it ends now. */
  #use(write: number): void {
    const { end, moments } = this.#line
    if (end[write] === this.#moment || (end[write] === moments.length && this.#options.pending === 'endless')) return
    this.#put(this.#row, 0, write)
  }

  #emit(node: number, value: number): void {
    this.#forget(this.#row, 0, value)
    this.#next.add(this.#row, 0, node)
  }

  /** Removes from the set the writes of `value` that no read can still need. */
  #forget(row: Int32Array, at: number, value: number): void {
    for (const read of this.#openReads[value]!) if (this.#has(row, at, read)) return
    for (const write of this.#openWrites[value]!) if (this.#prospects.lastUse[write]! <= this.#moment) this.#take(row, at, write)
  }

  /** Replaces each configuration with those that `step` adds for it, and keeps the best of them. */
  #branch(step: (at: number) => void): void {
    const { size, stride } = this.#now
    this.#next.clear()
    for (let row = 0; row < size; row += 1) step(row * stride)
    const before = this.#now
    this.#now = this.#next
    this.#next = before
    if (this.#now.size < 2 || (this.#now.size <= size && !this.#mayRepeat)) return
    const full = this.#now
    if (full.prune(this.#next, this.#options.width, NONE)) this.#exact = false
    this.#now = this.#next
    this.#next = full
    this.#mayRepeat = false
  }

  #anyHas(operation: number): boolean {
    const { rows, stride, size } = this.#now
    for (let row = 0; row < size; row += 1) if (this.#has(rows, row * stride, operation)) return true
    return false
  }

  #nodeAt(at: number): number {
    return this.#now.nodes[at / this.#now.stride]!
  }

  #load(at: number): void {
    const { rows, stride } = this.#now
    for (let i = 0; i < stride; i += 1) this.#row[i] = rows[at + i]!
  }

  #has(row: Int32Array, at: number, operation: number): boolean {
    const slot = this.#line.slot[operation]!
    return ((row[at + SET + (slot >> 5)]! >>> (slot & 31)) & 1) === 1
  }

  #put(row: Int32Array, at: number, operation: number): void {
    const slot = this.#line.slot[operation]!
    row[at + SET + (slot >> 5)]! |= 1 << (slot & 31)
  }

  #take(row: Int32Array, at: number, operation: number): void {
    const slot = this.#line.slot[operation]!
    row[at + SET + (slot >> 5)]! &= ~(1 << (slot & 31))
  }
}

function remove(list: number[], item: number): void {
  list.splice(list.indexOf(item), 1)
}
