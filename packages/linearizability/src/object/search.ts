import type { Budget } from '../budget'
import { IMPOSSIBLE, type Model, type ObjectOperation } from './model'

/** `order` is a linearization; `none`: there is none; `limit`: gave up, or not done yet. */
type Found<I, O> = { readonly order: ObjectOperation<I, O>[] } | 'none' | 'limit'

/** A point where the search had to choose the next operation. */
interface Choice<S> {
  readonly candidates: number[]
  tried: number
  /** What to go back to: the length of the order before the choice, and the state. */
  readonly length: number
  readonly state: S
  readonly highest: number
}

const BYTES_BESIDE_PLACE = 80

/**
 * The search of Wing and Gong (1993) with Lowe's memory of dead ends (2017): it extends an order by an operation that no other must precede, and goes back
 * when it is stuck. A pair (operations already ordered, state) that led nowhere is not tried again. A query that fits now is taken at once, which is safe since
 * it changes nothing. The cost is exponential in the number of overlapping operations in the worst case, and nearly always in the number of pending ones.
 */
export class Search<S, I, O> {
  readonly #endsMs: number[]
  /** Doubly linked list of the operations not yet ordered, by invocation; position `size` is its head. */
  readonly #next: number[] = []
  readonly #previous: number[] = []
  readonly #order: number[] = []
  readonly #deadEnds = new Set<string>()
  readonly #choices: Choice<S>[] = []
  #bytes = 0
  #completedLeft = 0
  #state: S
  #highest = -1

  /** `operations` by invocation. */
  constructor(
    private readonly model: Model<S, I, O>,
    private readonly operations: readonly ObjectOperation<I, O>[],
  ) {
    this.#state = model.initial
    this.#endsMs = operations.map(({ respondedAtMs }) => respondedAtMs ?? Number.POSITIVE_INFINITY)
    const size = operations.length
    for (let i = 0; i <= size; i += 1) {
      this.#next[i] = i === size ? 0 : i + 1
      this.#previous[i] = i === 0 ? size : i - 1
      if (i < size && this.#endsMs[i] !== Number.POSITIVE_INFINITY) this.#completedLeft += 1
    }
  }

  /** Takes at most `limitSteps` steps; continues from there when called again. */
  run(budget: Budget, limitSteps: number): Found<I, O> {
    for (let steps = 0; ; steps += 1) {
      if (steps === limitSteps) return 'limit'
      const choice = this.#advance()
      if (this.#completedLeft === 0) return { order: this.#order.map((i) => this.operations[i]!) }
      if (choice) this.#choices.push(choice)
      if (!budget.spend(1) || this.#bytes > budget.limitBytes) return 'limit'
      if (!this.#takeNext(this.#choices)) return 'none'
    }
  }

  /** Takes the queries that fit now; returns the choice that follows, unless this place is a known dead end. */
  #advance(): Choice<S> | undefined {
    const head = this.operations.length
    const candidates: number[] = []
    let firstEndMs = Number.POSITIVE_INFINITY
    for (let i = this.#next[head]!; i !== head && this.operations[i]!.invokedAtMs <= firstEndMs; i = this.#next[i]!) {
      const isQuery = this.model.isQuery?.(this.operations[i]!.input) === true
      const isPending = this.#endsMs[i] === Number.POSITIVE_INFINITY
      if (isQuery && !isPending && this.model.apply(this.#state, this.operations[i]!) !== IMPOSSIBLE) {
        this.#take(i)
        continue
      }
      if (!isQuery) candidates.push(i)
      firstEndMs = Math.min(firstEndMs, this.#endsMs[i]!)
    }
    const place = this.#place()
    if (this.#deadEnds.has(place)) return undefined
    this.#deadEnds.add(place)
    this.#bytes += place.length + BYTES_BESIDE_PLACE
    candidates.sort((a, b) => this.#endsMs[a]! - this.#endsMs[b]! || a - b)
    return { candidates, tried: 0, length: this.#order.length, state: this.#state, highest: this.#highest }
  }

  /** Goes back to the latest choice that has a candidate left to try, and takes it; false when there is none. */
  #takeNext(choices: Choice<S>[]): boolean {
    for (let choice = choices.at(-1); choice; choice = choices.at(-1)) {
      while (this.#order.length > choice.length) this.#putBack()
      this.#highest = choice.highest
      while (choice.tried < choice.candidates.length) {
        const candidate = choice.candidates[choice.tried]!
        choice.tried += 1
        const state = this.model.apply(choice.state, this.operations[candidate]!)
        if (state === IMPOSSIBLE) continue
        this.#state = state
        this.#take(candidate)
        return true
      }
      choices.pop()
    }
    return false
  }

  /** The set of ordered operations (the highest of them, and those below it that are missing) and the state, as text. */
  #place(): string {
    const missing: number[] = [this.#highest]
    for (let i = this.#next[this.operations.length]!; i <= this.#highest; i = this.#next[i]!) missing.push(i)
    return `${missing.join(' ')} ${this.model.key(this.#state)}`
  }

  #take(i: number): void {
    this.#next[this.#previous[i]!] = this.#next[i]!
    this.#previous[this.#next[i]!] = this.#previous[i]!
    if (this.#endsMs[i] !== Number.POSITIVE_INFINITY) this.#completedLeft -= 1
    if (i > this.#highest) this.#highest = i
    this.#order.push(i)
  }

  #putBack(): void {
    const i = this.#order.pop()!
    this.#next[this.#previous[i]!] = i
    this.#previous[this.#next[i]!] = i
    if (this.#endsMs[i] !== Number.POSITIVE_INFINITY) this.#completedLeft += 1
  }
}
