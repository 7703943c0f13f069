import { Type, toValue } from '@upon/protocol'
import { DecisionSorter } from './decisions'
import { HubError } from './errors'
import { type ConsensusOutcome, isExcused, type Judgement } from './outcomes'
import { type Answer, isAnswer, type Missing, type Pending } from './pending'
import { clip } from './registers'
import type { Member, SystemPort } from './system-port'

/** One consensus, as far as the hub saw it. */
export interface Topic {
  readonly name: string
  readonly startedAtMs: number
  readonly proposals: ReadonlyMap<string, number>
  readonly proposed: ReadonlySet<number>
  readonly pending: ReadonlyMap<string, Pending<number | undefined>>
  readonly decisions: Map<string, Answer<number | undefined>>
  readonly problems: string[]
  isAmbiguous: boolean
  hasTwice: boolean
}

/** The topics of one system. */
export class Topics {
  readonly #topics = new Map<string, Topic>()
  readonly #valuesSeen = new Set<number>()
  readonly #sorter: DecisionSorter

  constructor(
    private readonly system: SystemPort,
    private readonly random: () => number,
  ) {
    this.#sorter = new DecisionSorter((topic, process, value, atMs) => {
      system.recorder?.decided(process, topic.name, value, topic.isAmbiguous ? 'guessed' : 'found')
      this.#assign(topic, process, value, atMs)
    })
  }

  get names(): string[] {
    return [...this.#topics.keys()]
  }

  /** Proposes in `name` for each of `members`: the values given, in order, and distinct new ones for the rest. */
  async start(name: string, members: readonly Member[], values: readonly number[], timeoutMs: number): Promise<ConsensusOutcome> {
    const { system } = this
    if (this.#topics.has(name)) {
      throw new HubError(
        'topic-used',
        `topic ${clip(name)} was proposed in ${system.id} already: a consensus decides once; take another topic`,
      )
    }
    for (const value of values) this.#valuesSeen.add(value)
    const startedAtMs = system.nowMs()
    const proposals = new Map(members.map(({ name: process }, i) => [process, values[i] ?? this.#freshValue()]))
    const pending = new Map(members.map(({ name: process }) => [process, system.expect<number | undefined>(process, timeoutMs)]))
    const topic: Topic = {
      ...{ name, startedAtMs, proposals, pending },
      ...{ proposed: new Set(proposals.values()), decisions: new Map(), problems: [], isAmbiguous: false, hasTwice: false },
    }
    this.#topics.set(name, topic)
    this.#sorter.open(topic)
    for (const member of members) {
      const value = proposals.get(member.name)!
      system.emit({ type: 'proposed', system: system.id, process: member.name, topic: name, value })
      system.command(member, { type: Type.APP_PROPOSE, appPropose: { topic: name, value: toValue(value) } })
    }
    const results = await Promise.all([...pending.values()].map(({ result }) => result))
    if (results.some((result) => !isAnswer(result))) this.#sorter.sort(topic)
    return judge(system, topic, results)
  }

  /** Takes a decision; `name`: its topic, where the message says so. Returns why it was not expected, if so. */
  onDecide(process: string, value: number | undefined, name: string | undefined): string | undefined {
    const atMs = this.system.nowMs()
    if (name === undefined) {
      if (this.#sorter.take(process, value, atMs)) return undefined
      const twice = [...this.#topics.values()].find(({ decisions }) => decisions.has(process) && decisions.get(process)!.value === value)
      this.#recordSurplus(process, value, twice)
      return twice ? this.#twice(twice, process, value) : `decided ${value}, with no decision left to take`
    }
    this.system.recorder?.decided(process, name, value, 'named')
    const topic = this.#topics.get(name)
    if (!topic?.proposals.has(process)) return `decided ${value} in topic ${clip(name)}, where it was not asked to propose`
    if (topic.decisions.has(process)) return this.#twice(topic, process, value)
    this.#assign(topic, process, value, atMs)
    this.#sorter.decided(topic, process, value)
    return undefined
  }

  /** It decided more often than it was asked to; but nothing says so where it may have decided in a topic that only others were asked about. */
  #recordSurplus(process: string, value: number | undefined, twice: Topic | undefined): void {
    const topics = [...this.#topics.values()]
    if (topics.some(({ proposals }) => !proposals.has(process))) return
    const topic = twice ?? topics.findLast(({ decisions }) => decisions.has(process)) ?? topics.at(-1)
    this.system.recorder?.decided(process, topic?.name, value, 'found')
  }

  #twice(topic: Topic, process: string, value: number | undefined): string {
    topic.hasTwice = true
    topic.problems.push(`${process} decided twice: ${topic.decisions.get(process)!.value}, then ${value}`)
    return `decided ${value} in topic ${clip(topic.name)}, where it had decided before`
  }

  #assign(topic: Topic, process: string, value: number | undefined, atMs: number): void {
    topic.decisions.set(process, { process, value, afterMs: atMs - topic.startedAtMs })
    this.system.emit({ type: 'decided', system: this.system.id, process, topic: topic.name, value })
    this.system.answer(topic.pending.get(process)!, value, atMs)
  }

  /** New to the system, so that a decision tells its topic. */
  #freshValue(): number {
    const range = 100 + 4 * this.#valuesSeen.size
    let value = Math.floor(this.random() * range)
    while (this.#valuesSeen.has(value)) value = (value + 1) % range
    this.#valuesSeen.add(value)
    return value
  }
}

function judge(system: SystemPort, topic: Topic, results: readonly (Answer<number | undefined> | Missing)[]): ConsensusOutcome {
  const { name, decisions, proposed, isAmbiguous, hasTwice } = topic
  const answers = [...topic.proposals.keys()].flatMap((process) => decisions.get(process) ?? [])
  const missing = results.filter((result): result is Missing => !isAnswer(result) && !decisions.has(result.process))
  const problems = [...topic.problems]
  const values = new Set(answers.map(({ value }) => value))
  const agreement: Judgement = isAmbiguous ? 'ambiguous' : values.size > 1 ? 'violated' : 'holds'
  if (agreement === 'violated')
    problems.push(`different values were decided: ${answers.map(({ process, value }) => `${process} ${value}`).join(', ')}`)
  const strange = answers.filter(({ value }) => value === undefined || !proposed.has(value))
  for (const { process, value } of strange) problems.push(`${process} decided ${value ?? '⊥'}, which nobody proposed`)
  const validity: Judgement = strange.length > 0 ? 'violated' : 'holds'
  return {
    ...{ kind: 'consensus', system: system.id, topic: name, answers, missing, elapsedMs: system.nowMs() - topic.startedAtMs },
    ...{ agreement, validity, integrity: hasTwice ? 'violated' : 'holds', problems },
    proposals: [...topic.proposals].map(([process, value]) => ({ process, value })),
    ...(values.size === 1 ? { decision: answers[0]!.value } : {}),
    ok: isExcused(missing) && agreement !== 'violated' && validity !== 'violated' && !hasTwice,
  }
}
