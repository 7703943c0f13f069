import type { Budget } from '../budget'
import { Antichain, ByWeight, type Configuration, type Step } from './configurations'
import { IMPOSSIBLE, type Model, type ObjectOperation } from './model'
import type { Occasions } from './occasions'

export type Walked =
  | { readonly end: 'order'; readonly last: Step | undefined }
  /** No order goes beyond this moment. If not `exact`, this is only known of the orders that were followed. */
  | { readonly end: 'stuck'; readonly moment: number; readonly exact: boolean }
  | { readonly end: 'limit' }

export interface WalkOptions {
  /** The number of configurations followed at a time, the most promising ones. If there are more, the walk is no longer exact. */
  readonly width: number
  /** `endless`: a pending operation may take effect any number of times. If such a walk is stuck, there is no order. */
  readonly pending: 'once' | 'endless'
}

const NONE = -1
/** How many configurations are examined, and how many found, per followed one before a step ends. */
const LOOKED_AT = 6
const FOUND = 3
const BYTES_EACH = 250

/**
 * Goes through a history moment by moment and keeps all possible configurations of the object. Every operation takes effect as late as possible: at the response of
 * an operation that must have taken effect by then (Lowe's just-in-time linearization, 2017). Three things keep the configurations few:
 *
 * - An open operation that leaves a state as it is could have taken effect there: it is *free*, and constrains nothing from then on, though it may still
 *   take effect where it makes a difference. So could an open overwrite just before another overwrite.
 * - Pending operations with the same input are one kind, of which only the count matters.
 * - A configuration that can do no more than another is dropped.
 */
export class Walk<S, I, O> {
  readonly #states: S[] = []
  readonly #numbers = new Map<string, number>()
  /** By slot, the open operations. */
  readonly #open: (number | undefined)[] = []
  readonly #slots: Int32Array
  readonly #bits: bigint[] = []
  readonly #changes: Map<number, number>[]
  /** By kind, the pending operations invoked so far. */
  readonly #pending: number[][]
  readonly #kindChanges: Map<number, number>[]
  readonly #limitCompared: number
  #overwrites = 0n
  #absorbed = new Map<number, bigint>()
  #configurations: readonly Configuration[]
  #moment = 0
  #exact = true

  constructor(
    private readonly model: Model<S, I, O>,
    private readonly operations: readonly ObjectOperation<I, O>[],
    private readonly occasions: Occasions,
    private readonly options: WalkOptions,
    private readonly budget: Budget,
  ) {
    this.#limitCompared = Math.min(400, 2 * options.width)
    this.#slots = new Int32Array(operations.length)
    this.#changes = []
    this.#pending = Array.from({ length: occasions.kinds }, () => [])
    this.#kindChanges = Array.from({ length: occasions.kinds }, () => new Map())
    this.#configurations = [{ state: this.#number(model.initial), done: 0n, free: 0n, used: [], weight: 0, last: undefined }]
  }

  run(): Walked {
    const { moments, kind } = this.occasions
    for (let moment = 0; moment < moments.length; moment += 1) {
      const what = moments[moment] as number
      this.#moment = moment
      this.#absorbed.clear()
      if (what < 0) {
        if (!this.#respond(~what)) return { end: 'limit' }
        if (this.#configurations.length === 0) return { end: 'stuck', moment, exact: this.#exact }
      } else if (kind[what] === NONE) this.#invoke(what)
      else (this.#pending[kind[what] as number] as number[]).push(what)
    }
    return { end: 'order', last: this.#configurations[0]?.last }
  }

  #invoke(operation: number): void {
    const slot = this.#open.indexOf(undefined)
    const place = slot < 0 ? this.#open.length : slot
    this.#open[place] = operation
    this.#slots[operation] = place
    this.#changes[place] = new Map()
    if (this.#isOverwrite(operation)) this.#overwrites |= this.#bit(place)
    const [bit, changes, operations] = [this.#bit(place), this.#changes[place] as Map<number, number>, [operation]]
    this.#configurations = this.#configurations.map((one) => {
      if (this.#after(one.state, operation, changes) !== one.state) return one
      const { state, done, free, used, weight, last } = one
      return { state, done, free: free | bit, used, weight, last: { before: last, how: 'absorbed', operations, moment: this.#moment } }
    })
  }

  /** Follows every way to have an operation take effect by now; false at a limit of the budget. */
  #respond(target: number): boolean {
    const slot = this.#slots[target] as number
    const bit = this.#bit(slot)
    const found: Configuration[] = []
    const waiting = new ByWeight()
    const others = ~bit
    const settle = ({ state, done, free, used, weight, last }: Configuration): void => {
      const left = (done & bit) === 0n ? weight : weight - 1
      found.push({ state, done: done & others, free: free & others, used, weight: left, last })
    }
    const seen = new Antichain(this.#limitCompared)
    const isQuery = this.model.isQuery?.((this.operations[target] as ObjectOperation<I, O>).input) === true
    for (const one of this.#configurations) {
      const isSettled = ((one.done | one.free) & bit) !== 0n
      if (isSettled) settle(one)
      if (!isSettled || ((one.free & bit) !== 0n && !isQuery)) waiting.add(one)
    }
    const { width } = this.options
    for (let one = waiting.take(); one; one = waiting.take()) {
      if (!seen.add(one)) continue
      if (seen.size > width * LOOKED_AT || (found.length >= width * FOUND && seen.size > width)) {
        this.#exact = false
        break
      }
      if (!this.budget.spend(1) || seen.size * BYTES_EACH > this.budget.limitBytes) return false
      for (const next of this.#nextOf(one)) {
        const isDone = (next.done & bit) !== 0n
        if (isDone || (next.free & ~one.free & bit) !== 0n) settle(next)
        if (!isDone && ((next.free & bit) === 0n || !isQuery)) waiting.add(next)
      }
    }
    this.#open[slot] = undefined
    this.#overwrites &= ~bit
    this.#keep(found)
    return this.budget.spend(found.length)
  }

  #keep(found: Configuration[]): void {
    const kept = new Antichain(this.#limitCompared)
    for (const one of found.sort((a, b) => a.weight - b.weight)) kept.add(one)
    if (kept.size > this.options.width) this.#exact = false
    this.#configurations = kept.best(this.options.width)
  }

  /** The configurations after one more operation that changes the state. */
  #nextOf(one: Configuration): Configuration[] {
    const nexts: Configuration[] = []
    for (let slot = 0; slot < this.#open.length; slot += 1) {
      const operation = this.#open[slot]
      const bit = this.#bit(slot)
      if (operation === undefined || (one.done & bit) !== 0n) continue
      const state = this.#after(one.state, operation, this.#changes[slot] as Map<number, number>)
      if (state === NONE || state === one.state) continue
      nexts.push(this.#applied(one, state, one.done | bit, one.free & ~bit, one.used, operation))
    }
    const isOnce = this.options.pending === 'once'
    for (let kind = 0; kind < this.#pending.length; kind += 1) {
      const operation = (this.#pending[kind] as number[])[isOnce ? (one.used[kind] ?? 0) : 0]
      if (operation === undefined) continue
      const state = this.#after(one.state, operation, this.#kindChanges[kind] as Map<number, number>)
      if (state === NONE || state === one.state) continue
      nexts.push(this.#applied(one, state, one.done, one.free, isOnce ? withOneMore(one.used, kind) : one.used, operation))
    }
    return nexts
  }

  #bit(slot: number): bigint {
    for (let next = this.#bits.length; next <= slot; next += 1) this.#bits.push(1n << BigInt(next))
    return this.#bits[slot] as bigint
  }

  #applied(one: Configuration, state: number, done: bigint, free: bigint, used: readonly number[], operation: number): Configuration {
    const freed = this.#isOverwrite(operation) ? free | (this.#overwrites & ~done) : free
    const last: Step = { before: one.last, how: 'applied', operations: [operation], moment: this.#moment }
    return this.#absorb({ state, done, free: freed, used, last, weight: one.weight + 1 })
  }

  /** Sets free the open operations that leave the state as it is. */
  #absorb(one: Configuration): Configuration {
    const bits = this.#unchanging(one.state) & ~one.done & ~one.free
    if (bits === 0n) return one
    const operations = this.#open.filter((_, slot) => (bits & this.#bit(slot)) !== 0n) as number[]
    return { ...one, free: one.free | bits, last: { before: one.last, how: 'absorbed', operations, moment: this.#moment } }
  }

  /** The open operations that leave a state as it is. */
  #unchanging(state: number): bigint {
    const known = this.#absorbed.get(state)
    if (known !== undefined) return known
    let bits = 0n
    this.#open.forEach((operation, slot) => {
      if (operation !== undefined && this.#after(state, operation, this.#changes[slot] as Map<number, number>) === state)
        bits |= this.#bit(slot)
    })
    this.#absorbed.set(state, bits)
    return bits
  }

  /** The state after an operation, or NONE; `known` is a cache. */
  #after(state: number, operation: number, known: Map<number, number>): number {
    let after = known.get(state)
    if (after === undefined) {
      const made = this.model.apply(this.#states[state] as S, this.operations[operation] as ObjectOperation<I, O>)
      after = made === IMPOSSIBLE ? NONE : this.#number(made)
      known.set(state, after)
    }
    return after
  }

  #number(state: S): number {
    const key = this.model.key(state)
    let number = this.#numbers.get(key)
    if (number === undefined) {
      number = this.#states.push(state) - 1
      this.#numbers.set(key, number)
    }
    return number
  }

  #isOverwrite(operation: number): boolean {
    return this.model.isOverwrite?.((this.operations[operation] as ObjectOperation<I, O>).input) === true
  }
}

function withOneMore(used: readonly number[], kind: number): number[] {
  const more = used.slice()
  while (more.length < kind) more.push(0)
  more[kind] = (more[kind] ?? 0) + 1
  return more
}
