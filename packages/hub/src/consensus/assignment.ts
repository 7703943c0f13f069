/** A topic that some decisions without a topic may belong to. */
export interface OpenTopic {
  readonly name: string
  readonly proposed: ReadonlySet<number>
  /** What somebody is known to have decided there. */
  readonly decided?: number | undefined
  /** Who has not decided there yet. */
  readonly undecided: ReadonlySet<string>
}

/**
 * `values`: what each topic decided, under which agreement and validity hold; `isUnique` false: another such assignment exists.
 * `none`: under no assignment do both hold. `limit`: gave up.
 */
export type Assignment = { readonly values: ReadonlyMap<string, number>; readonly isUnique: boolean } | 'none' | 'limit'

const LIMIT_STEPS = 50_000

/** Finds out which topics the decisions in `held` (by process) may belong to such that each topic decides one of its proposed values only. */
export function assign(topics: readonly OpenTopic[], held: ReadonlyMap<string, readonly number[]>): Assignment {
  if (differs(topics, held)) return 'none'
  const search = new AssignmentSearch(topics, held)
  search.extend(0)
  const [first, second] = search.solutions
  const gaveUp = search.steps > LIMIT_STEPS
  if (first) return { values: first, isUnique: !second && !gaveUp }
  return gaveUp ? 'limit' : 'none'
}

/** What is left to place of one process. */
interface Left {
  readonly counts: Map<number, number>
  decisions: number
  /** Topics further down that may take one of its decisions. */
  room: number
}

/** Chooses a value for one topic after the other, or none, as long as every decision can still find a place. */
class AssignmentSearch {
  readonly solutions: Map<string, number>[] = []
  steps = 0
  readonly #left: Map<string, Left>
  readonly #values = new Map<string, number>()

  constructor(
    private readonly topics: readonly OpenTopic[],
    held: ReadonlyMap<string, readonly number[]>,
  ) {
    const roomOf = (process: string): number => topics.filter(({ undecided }) => undecided.has(process)).length
    const left = ([process, values]: [string, readonly number[]]): [string, Left] => [
      process,
      { counts: counts(values), decisions: values.length, room: roomOf(process) },
    ]
    this.#left = new Map([...held].map(left))
  }

  extend(depth: number): void {
    this.steps += 1
    if (this.solutions.length > 1 || this.steps > LIMIT_STEPS) return
    for (const { decisions, room } of this.#left.values()) if (decisions > room) return
    const topic = this.topics[depth]
    if (!topic) {
      this.solutions.push(new Map(this.#values))
      return
    }
    for (const value of topic.decided === undefined ? topic.proposed : [topic.decided]) this.#choose(topic, value, depth)
    this.#move(topic, -1)
    this.extend(depth + 1)
    this.#move(topic, 1)
  }

  #choose(topic: OpenTopic, value: number, depth: number): void {
    const takers = [...topic.undecided]
      .map((process) => this.#left.get(process))
      .filter((left) => (left?.counts.get(value) ?? 0) > 0) as Left[]
    if (takers.length === 0) return
    const take = (by: 1 | -1): void => {
      this.#move(topic, by)
      for (const left of takers) {
        left.counts.set(value, left.counts.get(value)! + by)
        left.decisions += by
      }
    }
    take(-1)
    this.#values.set(topic.name, value)
    this.extend(depth + 1)
    this.#values.delete(topic.name)
    take(1)
  }

  #move(topic: OpenTopic, by: 1 | -1): void {
    for (const process of topic.undecided) {
      const left = this.#left.get(process)
      if (left) left.room += by
    }
  }
}

/** A cheap proof that there is no assignment: two processes decided in exactly the same topics, and not the same values. */
function differs(topics: readonly OpenTopic[], held: ReadonlyMap<string, readonly number[]>): boolean {
  const seen = new Map<string, string>()
  for (const [process, values] of held) {
    const own = topics.flatMap(({ undecided }, i) => (undecided.has(process) ? [i] : []))
    if (own.length !== values.length) continue
    const key = own.join(' ')
    const multiset = [...values].sort((a, b) => a - b).join(' ')
    if ((seen.get(key) ?? multiset) !== multiset) return true
    seen.set(key, multiset)
  }
  return false
}

function counts(values: readonly number[]): Map<number, number> {
  const result = new Map<number, number>()
  for (const value of values) result.set(value, (result.get(value) ?? 0) + 1)
  return result
}
