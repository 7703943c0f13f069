import { printable } from '@upon/contract'
import { assign, type OpenTopic } from './assignment'
import type { Topic } from './topic'

interface Held {
  readonly value: number | undefined
  readonly atMs: number
}

type OnAssigned = (topic: Topic, process: string, value: number | undefined, atMs: number) => void

/**
 * Finds the topics of decisions that do not name theirs. A value that was proposed in only one of the topics in which the process still has to decide tells it at
 * once. Others are held until all decisions are in that could be mixed up, or until one of their topics is over; then agreement and validity tell, if anything
 * does.
 */
export class DecisionSorter {
  /** Topics in which a process has not decided, in order of proposal. */
  readonly #open = new Map<string, Set<Topic>>()
  readonly #held = new Map<string, Held[]>()

  constructor(
    private readonly onAssigned: OnAssigned,
    /** Whether the process has decided this value before, in any topic. */
    private readonly hasDecided: (process: string, value: number | undefined) => boolean,
  ) {}

  open(topic: Topic): void {
    for (const process of topic.proposals.keys()) {
      const topics = this.#open.get(process)
      if (topics) topics.add(topic)
      else this.#open.set(process, new Set([topic]))
    }
  }

  /** A decision of the process in this topic came with the topic's name. */
  decided(topic: Topic, process: string): void {
    this.#open.get(process)?.delete(topic)
    if (this.#held.size > 0) this.sort()
  }

  /** False when the process has no decision left to take, or had taken this one before. */
  take(process: string, value: number | undefined, atMs: number): boolean {
    const open = this.#open.get(process) ?? new Set()
    const held = this.#held.get(process) ?? []
    if (open.size <= held.length) return false
    const valid = this.#valid(process, value)
    if (valid.length === 0 && this.hasDecided(process, value)) return false
    const only = valid.length === 1 ? valid[0] : open.size === 1 ? [...open][0] : undefined
    if (only) this.#assign(only, process, { value, atMs })
    else this.#held.set(process, [...held, { value, atMs }])
    if (this.#held.size > 0) this.sort()
    return true
  }

  /** Places the held decisions that can be told apart by now, and all that may belong to `over`, a topic that waits no longer. */
  sort(over?: Topic): void {
    for (const [process, held] of [...this.#held]) {
      for (const decision of held) {
        const valid = this.#valid(process, decision.value)
        if (valid.length === 1) this.#assign(valid[0]!, process, decision)
      }
    }
    for (const component of this.#components()) {
      if ((over && component.has(over)) || this.#isComplete(component)) this.#solve(component)
    }
    for (const [process, held] of [...this.#held]) {
      const open = this.#open.get(process)!
      const isDue = held.length >= open.size || (over && open.has(over))
      const strange = isDue ? held.filter(({ value }) => this.#valid(process, value).length === 0) : []
      for (const decision of strange) this.#placeStrange(process, decision)
    }
  }

  #valid(process: string, value: number | undefined): Topic[] {
    if (value === undefined) return []
    return [...(this.#open.get(process) ?? [])].filter(({ proposed }) => proposed.has(value))
  }

  #assign(topic: Topic, process: string, decision: Held): void {
    this.#open.get(process)?.delete(topic)
    const held = this.#held.get(process)?.filter((other) => other !== decision) ?? []
    if (held.length > 0) this.#held.set(process, held)
    else this.#held.delete(process)
    this.onAssigned(topic, process, decision.value, decision.atMs)
  }

  /** Topics that held decisions may belong to, grouped so that no decision may belong to two groups. */
  #components(): Set<Topic>[] {
    let components: Set<Topic>[] = []
    for (const [process, held] of this.#held) {
      for (const { value } of held) {
        const valid = this.#valid(process, value)
        if (valid.length === 0) continue
        const joined = new Set(valid)
        const apart = components.filter((component) => {
          const meets = valid.some((topic) => component.has(topic))
          if (meets) for (const topic of component) joined.add(topic)
          return !meets
        })
        components = [...apart, joined]
      }
    }
    return components
  }

  #heldIn(component: ReadonlySet<Topic>): Map<string, Held[]> {
    const result = new Map<string, Held[]>()
    for (const [process, held] of this.#held) {
      const own = held.filter(({ value }) => this.#valid(process, value).some((topic) => component.has(topic)))
      if (own.length > 0) result.set(process, own)
    }
    return result
  }

  #isComplete(component: ReadonlySet<Topic>): boolean {
    const held = this.#heldIn(component)
    return [...this.#open].every(([process, open]) => {
      const topics = [...component].filter((topic) => open.has(topic))
      return topics.length === (held.get(process)?.length ?? 0)
    })
  }

  #solve(component: ReadonlySet<Topic>): void {
    const held = this.#heldIn(component)
    const values = new Map([...held].map(([process, decisions]) => [process, decisions.map(({ value }) => value!)]))
    const found = assign(
      [...component].map((topic) => this.#toOpenTopic(topic)),
      values,
    )
    const names = namesOf([...component])
    for (const topic of component) {
      if (found === 'none')
        topic.problems.push(`no way to share out the decisions among the topics ${names} satisfies agreement and validity`)
      else if (found === 'limit' || !found.isUnique) {
        topic.isAmbiguous = true
        topic.problems.push(`the decisions of the topics ${names} came without a topic, and their values do not tell which belongs where`)
      }
    }
    for (const [process, decisions] of held) {
      for (const decision of decisions) {
        const open = [...component].filter((topic) => this.#open.get(process)!.has(topic))
        const fitting = typeof found === 'string' ? undefined : open.find(({ name }) => found.values.get(name) === decision.value)
        const topic = fitting ?? open.find(({ proposed }) => proposed.has(decision.value!)) ?? open[0]
        if (topic) this.#assign(topic, process, decision)
      }
    }
  }

  #toOpenTopic({ name, proposed, proposals, decisions }: Topic): OpenTopic {
    const undecided = new Set([...proposals.keys()].filter((process) => !decisions.has(process)))
    const decided = [...decisions.values()][0]?.value
    return { name, proposed, decided, undecided }
  }

  /** A value that was proposed in none of the topics left: it violates validity in whichever it belongs to. */
  #placeStrange(process: string, decision: Held): void {
    const open = [...this.#open.get(process)!]
    const topic = open[0]
    if (!topic) return
    if (open.length > 1)
      topic.problems.push(`${process} decided ${decision.value ?? '⊥'} without naming one of the topics ${namesOf(open)}`)
    this.#assign(topic, process, decision)
  }
}

const namesOf = (topics: readonly Topic[]): string => printable(topics.map(({ name }) => printable(name, 60)).join(', '), 300)
