import type { Entry } from '@upon/catalogue'
import { scenarioOf, type Tested } from '@upon/compliance'
import type { Module, ProcessId } from '@upon/contract'
import { type Command, CommandRefused, openSession, type Pending, type Session, type States } from '@upon/simulator'
import type { TraceEntry } from '@upon/trace'
import { isInsideDetector, isMessage, sendingOf } from './paths'
import { fewOf } from './requests'
import type { Situation } from './situation'

/** A message that never arrived. */
export interface Lost extends Pending {
  readonly lostMs: number
}

/** What a command brought about. */
interface Done {
  /** The number of entries of the trace after it. */
  readonly entries: number
  readonly lost: readonly Lost[]
  /** Whether there is anything to see of it. */
  readonly isVisible: boolean
}

/** How many hidden events one step may pass over. */
const LIMIT_HIDDEN = 60

/** The session of a situation: with its algorithm, or with one that has a wrong line. */
export function open(entry: Entry, { processes, seed, layers, plan }: Situation, algorithm: Tested<Module> = entry.algorithm): Session {
  const { setup, model, resilience } = scenarioOf(entry.suite, algorithm, { ...entry.options, layers })
  const common = { setup, model: { model, resilience } }
  if (plan !== undefined) return openSession({ ...common, plan })
  return openSession({ ...common, processes, seed, schedule: { kind: 'random', seed, shape: 'uniform', lowMs: 1, highMs: 3 } })
}

/** The situation in which a playground opens: nothing has happened, and its first steps are what the suite's users do. */
export function opening(entry: Entry, { processes = 3, seed = 1 }: Partial<Pick<Situation, 'processes' | 'seed'>> = {}): Situation {
  const names = Array.from({ length: processes }, (_, i) => `p${i + 1}`)
  return { entry: entry.name, processes, seed, layers: 'own', log: fewOf(entry, names), at: 0 }
}

/** A log of commands, and the session in which the first of them have been done. */
export class Play {
  readonly #start: Session
  #session: Session
  #log: Command[]
  #done: Done[] = []
  #before: States
  /** Those of the trace, and who is down. */
  #entries: TraceEntry[] = []
  #down = new Set<ProcessId>()
  #stuckAt = -1
  /** Why commands of the log could not be done, if any: a link to another version of the algorithm. */
  refused: string | undefined
  /** The log that a branch left behind, and where it left it. */
  aside: { readonly at: number; readonly log: readonly Command[] } | undefined

  constructor(
    readonly entry: Entry,
    readonly situation: Situation,
    readonly algorithm: Tested<Module> = entry.algorithm,
  ) {
    this.#start = open(entry, situation, algorithm)
    this.#session = this.#start.fork()
    this.#before = this.#session.states()
    this.#entries = [...this.#session.trace.entries]
    this.#log = [...situation.log]
    this.goTo(situation.at)
  }

  get at(): number {
    return this.#done.length
  }

  get log(): readonly Command[] {
    return this.#log
  }

  get session(): Session {
    return this.#session
  }

  get processes(): readonly ProcessId[] {
    return this.#session.processes
  }

  /** The states before the last command. */
  get before(): States {
    return this.#before
  }

  get lost(): readonly Lost[] {
    return this.#done.flatMap(({ lost }) => lost)
  }

  /** The first entry of what the last command brought about. */
  get news(): number {
    return this.#done.at(-2)?.entries ?? 0
  }

  /** As a link has it. */
  toSituation(): Situation {
    return { ...this.situation, log: this.#log, at: this.at }
  }

  /** Does something now. Acting in the past branches: what came after is put aside. Throws CommandRefused. */
  do(command: Command): void {
    this.#before = this.#session.states()
    this.#perform(command)
  }

  /** Whether nothing comes by itself any more, though something is under way: to a process that is paused, over links that are cut. */
  get isStuck(): boolean {
    return this.#stuckAt === this.at
  }

  /** Lets time pass when nothing is under way any more, so that liveness can be judged. */
  #rest(): boolean {
    if (this.#session.isAtRest || this.isStuck) return false
    this.#perform({ do: 'rest' })
    if (!this.#session.isAtRest) this.#stuckAt = this.at
    return true
  }

  #next(): boolean {
    try {
      this.#perform({ do: 'next' })
      return true
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error
      this.#stuckAt = this.at
      return false
    }
  }

  #perform(command: Command): void {
    const left = this.#log.slice(this.at)
    this.#apply(command)
    if (left.length === 0) {
      this.#log.push(command)
      return
    }
    this.aside = { at: this.at - 1, log: this.#log }
    this.#log = [...this.#log.slice(0, this.at - 1), command]
  }

  /** The next thing that can be seen: what comes next in the log, or else the soonest that is under way. Says whether there was one. */
  step(): boolean {
    this.#before = this.#session.states()
    if (this.at < this.#log.length) {
      do this.#redo()
      while (!this.#done.at(-1)?.isVisible && this.at < this.#log.length)
      return true
    }
    for (let i = 0; i < LIMIT_HIDDEN; i++) {
      if (!this.#session.pending.some(({ dueMs }) => dueMs !== undefined)) return i > 0 || this.#rest()
      if (!this.#next()) return i > 0
      if (this.#done.at(-1)?.isVisible) return true
    }
    return true
  }

  /** To before the last thing that can be seen. */
  back(): void {
    let to = this.at
    while (to > 0 && !this.#done[to - 1]?.isVisible) to--
    this.goTo(Math.max(0, to - 1))
  }

  /** Has exactly the first so many commands been done. */
  goTo(at: number): void {
    const to = Math.max(0, Math.min(at, this.#log.length))
    if (to < this.at) {
      this.#session = this.#start.fork()
      this.#entries = [...this.#session.trace.entries]
      this.#down = new Set()
      this.#done = []
    }
    while (this.at < to && this.refused === undefined) {
      if (this.at >= to - 1) this.#before = this.#session.states()
      this.#redo()
    }
    if (to === 0) this.#before = this.#session.states()
  }

  #redo(): void {
    const command = this.#log[this.at] as Command
    try {
      this.#apply(command)
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error
      this.refused = `From here on the link does not fit this algorithm. ${error.message}.`
      this.#log = this.#log.slice(0, this.at)
    }
  }

  #apply(command: Command): void {
    const session = this.#session
    const messages = session.pending.filter(isMessage)
    const entries = session.apply(command)
    this.#entries.push(...entries)
    for (const { type, process = '' } of entries) {
      if (type === 'crash') this.#down.add(process)
      if (type === 'recover') this.#down.delete(process)
    }
    const lost = this.#lostOf(messages, entries, command)
    const isSeen = entries.some((entry) => isShown(this.#entries, entry, this.entry.algorithm.instance))
    const isVisible = command.do !== 'next' || isSeen || lost.some(({ path = '' }) => !isInsideDetector(path))
    this.#done.push({ entries: this.#entries.length, lost, isVisible })
  }

  /** The messages that are under way no more, and have not come: not those that wait for their instance. */
  #lostOf(messages: readonly Pending[], entries: readonly TraceEntry[], command: Command): Lost[] {
    const { pending, timeMs } = this.#session
    const left = new Set(pending.map(({ id }) => id))
    const arrived = new Set(entries.flatMap((e) => (e.type === 'event' && e.cause >= 0 ? [`${e.cause} ${e.process}`] : [])))
    const isLost = ({ id, links, from = '', to = '' }: Pending) =>
      (command.do === 'drop' && command.id === id) || links === 'fair-loss' || this.#down.has(from) || this.#down.has(to)
    return messages
      .filter((message) => !left.has(message.id) && !arrived.has(`${message.sentEntry} ${message.to}`) && isLost(message))
      .map((message) => ({ ...message, lostMs: timeMs }))
  }
}

/** Whether an entry is in the diagram: faults, what happens at the top, messages that arrive, and what layers below indicate. */
export function isShown(entries: readonly TraceEntry[], entry: TraceEntry, top: string): boolean {
  if (entry.type !== 'event') return true
  if (entry.direction === 'rule') return false
  if (entry.path === top) return entry.event !== 'start'
  if (isInsideDetector(entry.path) || entry.module === 'Timer') return false
  if (sendingOf(entries, entry) !== undefined) return true
  return entry.direction === 'indication' && entry.event !== 'deliver' && entry.event !== 'timeout'
}
