import type { Abstraction, Module, Port, PortContext, ProcessId, Service } from '@upon/contract'
import { copyOf } from '../engine/copy'
import type { About } from '../engine/scheduled'
import type { SimulatedProcess } from '../engine/simulated-process'
import type { Random } from '../plan/random'

/** Indications share nothing with the requests of other processes. */
const copying = <M extends Module>(indicate: PortContext<M>['indicate']): PortContext<M>['indicate'] => {
  const each = Object.entries<(...attributes: unknown[]) => void>(indicate as never)
  return Object.fromEntries(each.map(([name, tell]) => [name, (...attributes: unknown[]) => tell(...attributes.map(copyOf))])) as never
}

/** An adversarial layer in one process. */
export class Member<M extends Module> {
  readonly path: string
  readonly self: ProcessId
  readonly processes: readonly ProcessId[]
  readonly parameters: PortContext<M>['parameters']
  readonly indicate: PortContext<M>['indicate']
  readonly random: Random
  isOpen = true
  /** How long each action takes here, in ms: some processes are always fast, some slow. */
  readonly #paces: readonly number[]

  constructor(
    readonly process: SimulatedProcess,
    { self, processes, parameters, indicate, path }: PortContext<M>,
  ) {
    this.path = path
    this.self = self
    this.processes = processes
    this.parameters = parameters
    this.indicate = copying<M>(indicate)
    this.random = process.randomFor(path)
    const { boundMs, stabilisationMs } = process
    this.#paces = this.random.pick([
      [0, boundMs / 8],
      [0, boundMs / 8, boundMs, stabilisationMs],
      [boundMs, stabilisationMs],
    ])
  }

  /** How long the next action takes, in ms: it ends within the bound, or within the bound after the stabilisation time. */
  lateMs(): number {
    const { nowMs, boundMs, stabilisationMs } = this.process
    const longestMs = Math.max(0, stabilisationMs - nowMs) + boundMs
    return (Math.min(longestMs, this.random.pick(this.#paces)) * this.random.below(1 << 20)) / (1 << 20)
  }

  /** Does something late, unless the layer has ended by then: something of its own, or what it is about, such as a message of another process. */
  late(action: () => void, about?: Concern): void {
    this.afterMs(this.lateMs(), action, about)
  }

  /** What is on its way because of the request that this layer handles now. */
  saying(message: unknown): Concern {
    return { from: this.self, message, sentEntry: this.process.requestAt(this.path) }
  }

  /** Does what is a consequence of something that was on its way. */
  arrival({ sentEntry = -1 }: Concern, action: () => void): void {
    this.process.becauseOf(sentEntry, action)
  }

  afterMs(delayMs: number, action: () => void, about?: Concern): void {
    this.process.after(delayMs, () => this.isOpen && action(), { path: this.path, ...about })
  }

  /** Does something up to `times` times, at moments before the stabilisation time; in some runs never, at any process. */
  beforeStabilisation(limitTimes: number, action: () => void): void {
    const { process, random } = this
    if (process.shared(`calm ${this.path}`, () => random.chance(15))) return
    for (let times = random.between(0, limitTimes); times > 0; times--) {
      const ms = (process.stabilisationMs * random.below(1 << 20)) / (1 << 20)
      this.afterMs(ms, () => process.nowMs < process.stabilisationMs && action())
    }
  }

  /** Does something late after the stabilisation time, and late after each crash from then on. */
  onceStable(action: () => void): void {
    const { process } = this
    this.afterMs(Math.max(0, process.stabilisationMs - process.nowMs), () => this.late(action))
    this.onCrash(() => process.nowMs >= process.stabilisationMs && this.late(action))
  }

  onCrash(action: () => void): void {
    this.process.onCrash(() => this.isOpen && action())
  }

  /** A request has sent a message to every process: this one may crash in the middle of that. */
  countSends(): void {
    for (const _ of this.processes) this.process.countSend()
  }
}

/** What a step is about: whose message comes, and what it says. */
export type Concern = Omit<About, 'path'>

interface Waiting<M extends Module> {
  readonly action: (at: Member<M>) => void
  readonly about: Concern | undefined
}

/** The adversarial layers at one path in all processes of a run. */
export class Ensemble<M extends Module> {
  readonly #members = new Map<ProcessId, Member<M>>()
  /** Actions for processes that have no layer at this path yet. */
  readonly #waiting = new Map<ProcessId, Waiting<M>[]>()

  join(member: Member<M>): void {
    const { self } = member
    this.#members.set(self, member)
    for (const { action, about } of this.#waiting.get(self) ?? []) this.tell(self, action, about)
    this.#waiting.delete(self)
  }

  leave(member: Member<M>): void {
    member.isOpen = false
    if (this.#members.get(member.self) === member) this.#members.delete(member.self)
  }

  /** Does something late at the layer of p, as soon as there is one. */
  tell(p: ProcessId, action: (at: Member<M>) => void, about?: Concern): void {
    const member = this.#members.get(p)
    if (member !== undefined) member.late(() => action(member), about)
    else this.#waiting.set(p, [...(this.#waiting.get(p) ?? []), { action, about }])
  }
}

/** A port for an adversarial layer: `serve` is its behaviour in one process, `E` what all layers at its path share. */
export function adversarialPort<M extends Module, E extends Ensemble<M>>(
  process: SimulatedProcess,
  abstraction: Abstraction<M>,
  gather: () => E,
  serve: (me: Member<M>, all: E) => Service<M>['upon'],
): Port<M> {
  return {
    sort: 'port',
    abstraction,
    open: (site) => {
      const all = process.shared(`${abstraction.name} ${site.path}`, gather)
      const me = new Member(process, site)
      all.join(me)
      return { upon: serve(me, all), close: () => all.leave(me) }
    },
  }
}
