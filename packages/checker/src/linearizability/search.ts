import { type Operation, responseOf } from './history'

/** `order` is a linearization; `none`: there is none; `limit`: gave up. */
export type Found<V> = { readonly order: Operation<V>[] } | 'none' | 'limit'

/** A point where the search had to choose the next write. */
interface Choice {
  readonly writes: number[]
  tried: number
  /** Length of the order before the choice, value and highest position at it: what to go back to. */
  readonly length: number
  readonly value: number
  readonly highest: number
}

/**
 * The search of Wing and Gong (1993) with Lowe's memory of dead ends (2017): extends an order by one operation that no other must precede, and goes back
 * when stuck; a pair (operations already ordered, value) that led nowhere is not tried again. A read that fits now is taken at once: it changes
 * nothing, so that cannot hurt. Only the choice among writes branches. Exponential in the number of overlapping writes at worst, hence `limitSteps`.
 */
export class Search<V> {
  private readonly kinds: boolean[]
  private readonly values: number[]
  private readonly beginsMs: number[]
  private readonly endsMs: number[]
  /** Doubly linked list of the operations not yet ordered, by invocation; position `size` is its head. */
  private readonly next: number[] = []
  private readonly previous: number[] = []
  private readonly order: number[] = []
  private readonly deadEnds = new Set<string>()
  private completedLeft = 0
  private value = 0
  private highest = -1

  /** `operations` as `relevant()` gives them: in order of invocation. */
  constructor(private readonly operations: readonly Operation<V>[]) {
    const identities = new Map<V | undefined, number>([[undefined, 0]])
    for (const { value } of operations) if (!identities.has(value)) identities.set(value, identities.size)
    this.kinds = operations.map(({ kind }) => kind === 'write')
    this.values = operations.map(({ value }) => identities.get(value)!)
    this.beginsMs = operations.map(({ invokedAtMs }) => invokedAtMs)
    this.endsMs = operations.map(responseOf)
    const size = operations.length
    for (let i = 0; i <= size; i += 1) {
      this.next[i] = i === size ? 0 : i + 1
      this.previous[i] = i === 0 ? size : i - 1
      if (i < size && this.endsMs[i] !== Number.POSITIVE_INFINITY) this.completedLeft += 1
    }
  }

  run(limitSteps: number): Found<V> {
    const choices: Choice[] = []
    for (let step = 0; step < limitSteps; step += 1) {
      const choice = this.advance()
      if (this.completedLeft === 0) return { order: this.order.map((i) => this.operations[i]!) }
      if (choice) choices.push(choice)
      if (!this.takeNextWrite(choices)) return 'none'
    }
    return 'limit'
  }

  /** Takes the reads that fit now; returns the choice among writes that follows, unless this place is a known dead end. */
  private advance(): Choice | undefined {
    const { operations, kinds, values, beginsMs, endsMs, next } = this
    const head = operations.length
    const writes: number[] = []
    let firstEndMs = Number.POSITIVE_INFINITY
    for (let i = next[head]!; i !== head && beginsMs[i]! <= firstEndMs; i = next[i]!) {
      if (!kinds[i] && values[i] === this.value) {
        this.take(i)
        continue
      }
      if (kinds[i]) writes.push(i)
      firstEndMs = Math.min(firstEndMs, endsMs[i]!)
    }
    const place = this.place()
    if (this.deadEnds.has(place)) return undefined
    this.deadEnds.add(place)
    writes.sort((a, b) => endsMs[a]! - endsMs[b]! || a - b)
    return { writes, tried: 0, length: this.order.length, value: this.value, highest: this.highest }
  }

  /** Goes back to the latest choice that has a write left to try, and takes it; false when there is none. */
  private takeNextWrite(choices: Choice[]): boolean {
    for (let choice = choices.at(-1); choice; choices.pop(), choice = choices.at(-1)) {
      while (this.order.length > choice.length) this.putBack()
      this.highest = choice.highest
      this.value = choice.value
      const write = choice.writes[choice.tried]
      choice.tried += 1
      if (write === undefined) continue
      this.value = this.values[write]!
      this.take(write)
      return true
    }
    return false
  }

  /** The set of operations already ordered, told by the highest of them and those below it that are not, and the value. */
  private place(): string {
    const missing: number[] = [this.value, this.highest]
    for (let i = this.next[this.operations.length]!; i <= this.highest; i = this.next[i]!) missing.push(i)
    return missing.join(' ')
  }

  private take(i: number): void {
    this.next[this.previous[i]!] = this.next[i]!
    this.previous[this.next[i]!] = this.previous[i]!
    if (this.endsMs[i] !== Number.POSITIVE_INFINITY) this.completedLeft -= 1
    if (i > this.highest) this.highest = i
    this.order.push(i)
  }

  private putBack(): void {
    const i = this.order.pop()!
    this.next[this.previous[i]!] = i
    this.previous[this.next[i]!] = i
    if (this.endsMs[i] !== Number.POSITIVE_INFINITY) this.completedLeft += 1
  }
}
