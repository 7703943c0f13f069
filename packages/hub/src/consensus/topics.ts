import { printable } from '@upon/contract'
import { Type, toValue } from '@upon/protocol'
import { HubError } from '../errors'
import { type ConsensusOutcome, isExcused, type Judgement } from '../system/outcomes'
import { type Answer, isAnswer, type Missing } from '../system/pending'
import type { Member, SystemPort } from '../system/system-port'
import { DecisionSorter } from './decisions'
import type { Topic } from './topic'

const LIMIT_PROBLEMS = 100

/** What is kept of a topic in which all that were asked decided the same. */
interface Decided {
  readonly value: number
  readonly processes: ReadonlySet<string>
}

/** The topics of one system. */
export class Topics {
  /** Those that wait for decisions, or may yet hear of some. */
  readonly #topics = new Map<string, Topic>()
  readonly #decided = new Map<string, Decided>()
  /** For each value that was decided in one of these: the last such topic, and all processes that decided it in any. */
  readonly #decidedOn = new Map<number, { readonly topic: string; readonly processes: ReadonlySet<string> }>()
  /** The values proposed in the topics that are not among the decided ones, and in how many. */
  readonly #proposed = new Map<number, number>()
  #lastProcesses: ReadonlySet<string> = new Set()
  #lastName: string | undefined
  /** Who was not asked to propose in each of the topics. */
  readonly #withoutProposal = new Set<string>()
  readonly #sorter: DecisionSorter

  constructor(
    private readonly system: SystemPort,
    private readonly random: () => number,
  ) {
    this.#sorter = new DecisionSorter(
      (topic, process, value, atMs) => {
        system.recorder?.decided(process, topic.name, value, topic.isAmbiguous ? 'guessed' : 'found')
        this.#assign(topic, process, value, atMs)
      },
      (process, value) => this.#topicDecided(process, value) !== undefined || this.#isDecider(process, value),
    )
  }

  get names(): string[] {
    return [...this.#decided.keys(), ...this.#topics.keys()]
  }

  /** Who owes decisions, late ones included. */
  *owing(): Generator<string> {
    for (const { proposals, decisions } of this.#topics.values()) {
      for (const process of proposals.keys()) if (!decisions.has(process)) yield process
    }
  }

  /** Proposes in `name` for each of `members`: the values given, in order, and distinct new ones for the rest. */
  async start(name: string, members: readonly Member[], values: readonly number[], timeoutMs: number): Promise<ConsensusOutcome> {
    const { system } = this
    if (this.#topics.has(name) || this.#decided.has(name)) {
      throw new HubError(
        'topic-used',
        `topic ${printable(name, 60)} was proposed in ${system.id} already: a consensus decides once; take another topic`,
      )
    }
    system.claimName('topic', name)
    const startedAtMs = system.nowMs()
    const chosen = new Set(values)
    const proposals = new Map(members.map(({ name: process }, i) => [process, values[i] ?? this.#freshValue(chosen)]))
    const pending = new Map(members.map(({ name: process }) => [process, system.expect<number | undefined>(process, timeoutMs)]))
    const topic: Topic = {
      ...{ name, startedAtMs, proposals, pending },
      ...{ proposed: new Set(proposals.values()), decisions: new Map(), problems: [], isAmbiguous: false, hasTwice: false },
    }
    this.#topics.set(name, topic)
    for (const value of topic.proposed) this.#proposed.set(value, (this.#proposed.get(value) ?? 0) + 1)
    this.#lastName = name
    for (const { name: process } of system.members) if (!proposals.has(process)) this.#withoutProposal.add(process)
    this.#sorter.open(topic)
    for (const member of members) {
      const value = proposals.get(member.name)!
      system.emit({ type: 'proposed', system: system.id, process: member.name, topic: name, value })
      system.command(member, { type: Type.APP_PROPOSE, appPropose: { topic: name, value: toValue(value) } })
    }
    const results = await Promise.all([...pending.values()].map(({ result }) => result))
    if (results.some((result) => !isAnswer(result))) this.#sorter.sort(topic)
    const outcome = judge(system, topic, results)
    this.#finish(topic)
    return outcome
  }

  /** The process refuses to propose. Returns why that was not expected, if so. */
  onRefused(process: string, name: string, why: string): string | undefined {
    const pending = this.#topics.get(name)?.pending.get(process)
    if (!pending || pending.isSettled) return `refused to propose in topic ${printable(name, 60)}, which it was not asked to`
    this.system.refuse(pending, why)
    return undefined
  }

  /** Takes a decision; `name`: its topic, where the message says so. Returns why it was not expected, if so. */
  onDecide(process: string, value: number | undefined, name: string | undefined): string | undefined {
    const atMs = this.system.nowMs()
    if (name === undefined) {
      if (this.#sorter.take(process, value, atMs)) return undefined
      const twice = this.#topicDecided(process, value)
      const before = twice?.name ?? this.#decidedBefore(process, value)
      this.#recordSurplus(process, value, before)
      if (twice) return this.#twice(twice, process, value)
      return before === undefined ? `decided ${value ?? '⊥'}, with no decision left to take` : decidedTwice(before, value)
    }
    this.system.recorder?.decided(process, name, value, 'named')
    if (this.#decided.get(name)?.processes.has(process)) return decidedTwice(name, value)
    const topic = this.#topics.get(name)
    if (!topic?.proposals.has(process)) return `decided ${value ?? '⊥'} in topic ${printable(name, 60)}, where it was not asked to propose`
    if (topic.decisions.has(process)) return this.#twice(topic, process, value)
    this.#assign(topic, process, value, atMs)
    this.#sorter.decided(topic, process)
    return undefined
  }

  /** A topic in which the process decided this value, of those that are not among the decided ones. */
  #topicDecided(process: string, value: number | undefined): Topic | undefined {
    for (const topic of this.#topics.values()) {
      const decision = topic.decisions.get(process)
      if (decision !== undefined && decision.value === value) return topic
    }
    return undefined
  }

  /** Whether the process decided this value in one of the decided topics. */
  #isDecider(process: string, value: number | undefined): boolean {
    return value !== undefined && this.#decidedOn.get(value)?.processes.has(process) === true
  }

  /** A topic in which the process decided this value, of those that are over. */
  #decidedBefore(process: string, value: number | undefined): string | undefined {
    const name = value === undefined ? undefined : this.#decidedOn.get(value)?.topic
    return name !== undefined && this.#decided.get(name)?.processes.has(process) ? name : undefined
  }

  /** It decided more often than it was asked to; but nothing says so where it may have decided in a topic that only others were asked about. */
  #recordSurplus(process: string, value: number | undefined, before: string | undefined): void {
    const { recorder } = this.system
    if (recorder === undefined || this.#withoutProposal.has(process)) return
    const topic = before ?? [...this.#topics.values()].findLast(({ decisions }) => decisions.has(process))?.name ?? this.#lastName
    recorder.decided(process, topic, value, 'found')
  }

  #twice(topic: Topic, process: string, value: number | undefined): string {
    topic.hasTwice = true
    if (topic.problems.length < LIMIT_PROBLEMS) {
      topic.problems.push(`${process} decided twice: ${topic.decisions.get(process)!.value ?? '⊥'}, then ${value ?? '⊥'}`)
    }
    return decidedTwice(topic.name, value)
  }

  /** Keeps what later decisions are compared with, and no more; all of it where somebody has not decided yet, or something is wrong. */
  #finish(topic: Topic): void {
    const { name, proposals, decisions, isAmbiguous, hasTwice } = topic
    const values = new Set([...decisions.values()].map(({ value }) => value))
    const [value] = values
    if (isAmbiguous || hasTwice || decisions.size < proposals.size || values.size !== 1 || value === undefined) return
    this.#topics.delete(name)
    const isAsBefore = this.#lastProcesses.size === proposals.size && [...proposals.keys()].every((p) => this.#lastProcesses.has(p))
    if (!isAsBefore) this.#lastProcesses = new Set(proposals.keys())
    this.#decided.set(name, { value, processes: this.#lastProcesses })
    const processes = this.#decidedOn.get(value)?.processes ?? this.#lastProcesses
    const isKnown = processes === this.#lastProcesses || [...this.#lastProcesses].every((p) => processes.has(p))
    this.#decidedOn.set(value, { topic: name, processes: isKnown ? processes : new Set([...processes, ...this.#lastProcesses]) })
    for (const each of topic.proposed) {
      const topics = this.#proposed.get(each)! - 1
      if (topics > 0) this.#proposed.set(each, topics)
      else this.#proposed.delete(each)
    }
  }

  #assign(topic: Topic, process: string, value: number | undefined, atMs: number): void {
    topic.decisions.set(process, { process, value, afterMs: atMs - topic.startedAtMs })
    this.system.emit({ type: 'decided', system: this.system.id, process, topic: topic.name, value })
    this.system.answer(topic.pending.get(process)!, value, atMs)
  }

  /** A value that was decided nowhere, is proposed nowhere else and is not among `chosen`, so that a decision tells its topic. Adds it to `chosen`. */
  #freshValue(chosen: Set<number>): number {
    const range = 100 + 4 * (this.#decidedOn.size + this.#proposed.size + chosen.size)
    const drawn = () => Math.floor(this.random() * range)
    let value = drawn()
    while (this.#decidedOn.has(value) || this.#proposed.has(value) || chosen.has(value)) value = drawn()
    chosen.add(value)
    return value
  }
}

const decidedTwice = (topic: string, value: number | undefined): string =>
  `decided ${value ?? '⊥'} in topic ${printable(topic, 60)}, where it had decided before`

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
