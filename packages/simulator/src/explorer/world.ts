import type { ProcessId } from '@upon/contract'
import type { HandlerError } from '@upon/runtime'
import type { Trace, TraceEntry } from '@upon/trace'
import { copyOf } from '../engine/copy'
import type { Detector, Turn } from './detectors'
import type { Configuration, Input, Step } from './history'
import type { Effect, Sending } from './live-process'
import { Seen } from './seen'
import type { Texts } from './texts'

export interface InFlight extends Sending {
  readonly sentEntry: number
}

export interface ArmedTimer {
  readonly host: number
  readonly path: string
}

/** One process of a world. */
interface Place {
  readonly configuration: Configuration
  readonly isCrashed: boolean
  /** The last trace entry that is an event of this process. */
  readonly lastEntry: number
}

/** How many optional moves are left. */
export interface Budget {
  readonly crashes: number
  readonly timeouts: number
  readonly losses: number
  readonly repeats: number
  /** How often detectors may be wrong. */
  readonly lies: number
}

export interface WorldOptions {
  readonly processes: readonly ProcessId[]
  readonly isSynchronous: boolean
  readonly texts: Texts
}

/** The trace so far, from its end. Worlds with a common past share it. */
interface Trail {
  readonly entry: TraceEntry
  readonly before: Trail | undefined
}

/** A small system without time: whatever is under way may happen next, in any order. Its parts are immutable, and replaced by a step. */
export class ExploredWorld {
  errors: readonly HandlerError[] = []
  places: Place[] = []
  inFlight: InFlight[] = []
  timers: ArmedTimer[] = []
  detectors: Detector[] = []
  /** What the next step draws, in order. */
  choices: readonly number[] = []
  /** The last step drew a number below this that was not chosen. */
  undecided: number | undefined
  #seen: Seen
  #trail: Trail | undefined
  #length = 0

  constructor(
    readonly options: WorldOptions,
    /** The first step of each process. */
    beginnings: readonly Step[],
    public left: Budget,
    seen?: Seen,
  ) {
    this.#seen = seen ?? Seen.nothing(options.texts, options.processes.length)
    this.places = beginnings.map(({ next }) => ({ configuration: next, isCrashed: false, lastEntry: -1 }))
    for (const [host, { effects }] of beginnings.entries()) this.#apply(host, effects, -1)
  }

  copy(): ExploredWorld {
    const copy = new ExploredWorld(this.options, [], this.left, this.#seen)
    copy.places = this.places.slice()
    copy.inFlight = this.inFlight.slice()
    copy.timers = this.timers.slice()
    copy.detectors = this.detectors.slice()
    copy.#trail = this.#trail
    copy.#length = this.#length
    return copy
  }

  isCrashed(host: number): boolean {
    return (this.places[host] as Place).isCrashed
  }

  nameOf(host: number): ProcessId {
    return this.options.processes[host] as ProcessId
  }

  /** Everything that was recorded so far, as a number. */
  get seen(): number {
    return this.#seen.number
  }

  get isUnderWay(): boolean {
    return this.inFlight.some(({ from }) => !this.isCrashed(from))
  }

  /** What the processes remember and what is under way, as text. */
  get present(): string {
    const { texts } = this.options
    const remembered = this.places.map(({ configuration, isCrashed }) => (isCrashed ? 0 : configuration.number))
    const inFlight = this.inFlight.map(({ number }) => number)
    const timers = this.timers.map(({ host, path }) => texts.numberOf(`${host} ${path}`))
    const detectors = this.detectors.map(({ host, path, said }) => texts.numberOf(`${host} ${path} ${said}`))
    return `${remembered};${inFlight.sort()};${timers.sort()};${detectors.sort()}`
  }

  /** The whole state as text: the present, what the application saw, and how much more may happen. */
  get state(): string {
    const { crashes, timeouts, losses, repeats, lies } = this.left
    return `${this.present};${this.seen},${crashes},${timeouts},${losses},${repeats},${lies}`
  }

  trace(end: Trace['end']): Trace {
    const processes = this.options.processes.map((id, i) => ({ id, rank: i + 1 }))
    const entries = new Array<TraceEntry>(this.#length)
    for (let at = this.#trail; at !== undefined; at = at.before) entries[at.entry.index] = at.entry
    return { format: 'upon-trace/1', processes, end, entries }
  }

  spend(what: keyof Budget): this {
    this.left = { ...this.left, [what]: this.left[what] - 1 }
    return this
  }

  take(message: InFlight): this {
    this.inFlight.splice(this.inFlight.indexOf(message), 1)
    return this
  }

  deliver({ from, to, path, message, text, sentEntry }: InFlight): void {
    const p = this.nameOf(from)
    this.#step(to, { text, act: ({ host }) => host.receive(p, path, copyOf(message)) }, sentEntry)
  }

  operate(host: number): void {
    this.#step(host, OPERATE)
  }

  timeout(armed: ArmedTimer): void {
    const { host, path } = armed
    this.timers.splice(this.timers.indexOf(armed), 1)
    if (this.options.isSynchronous) this.inFlight = [] // messages of crashed processes have arrived by then, or are lost
    this.#step(host, { text: `timeout ${path}`, act: (live) => live.timeout(path) })
  }

  indicate(detector: Detector, { event, p, said }: Turn): void {
    const { host, path } = detector
    this.detectors[this.detectors.indexOf(detector)] = { ...detector, said }
    this.#step(host, { text: `${path} ${event} ${p}`, act: (live) => live.indicate(path, event, p) })
  }

  crash(host: number): void {
    this.#end(host)
    this.#record({ type: 'crash', index: this.#length, timeMs: 0, process: this.nameOf(host) }, host, 'crash')
  }

  /** A process gets no more input. */
  #end(host: number): void {
    this.places[host] = { ...(this.places[host] as Place), isCrashed: true }
    this.inFlight = this.inFlight.filter(({ to }) => to !== host)
    this.timers = this.timers.filter((timer) => timer.host !== host)
    this.detectors = this.detectors.filter((detector) => detector.host !== host)
  }

  #step(host: number, input: Input, cause = -1): void {
    const place = this.places[host] as Place
    const { choices } = this
    const chosen = choices.length === 0 ? input : { ...input, text: `${input.text}, drawing ${choices}`, choices }
    const { effects, next, undecided } = place.configuration.after(chosen)
    this.undecided = undecided
    this.places[host] = { ...place, configuration: next }
    this.#apply(host, effects, cause)
  }

  /** Applies the effects of a step of a process. */
  #apply(host: number, effects: readonly Effect[], cause: number): void {
    const entryOf = new Map<number, number>()
    for (const effect of effects) {
      switch (effect.type) {
        case 'send':
          if (!this.isCrashed(effect.to)) this.inFlight.push({ ...effect, sentEntry: (this.places[host] as Place).lastEntry })
          break
        case 'event':
          this.#observe(host, effect, entryOf, cause)
          break
        case 'arm':
          if (!this.timers.some((armed) => armed.host === host && armed.path === effect.path)) this.timers.push({ host, path: effect.path })
          break
        case 'disarm':
          this.timers = this.timers.filter((armed) => armed.host !== host || armed.path !== effect.path)
          break
        case 'watch':
          this.detectors.push(effect.detector)
          break
        case 'unwatch':
          this.detectors = this.detectors.filter((detector) => detector.host !== host || detector.path !== effect.path)
          break
        case 'error':
          this.errors = [...this.errors, effect.error]
          this.#end(host)
      }
    }
  }

  /** An event is caused by another of the same step, or by what the step began with. */
  #observe(host: number, { observation, text }: Extract<Effect, { type: 'event' }>, entryOf: Map<number, number>, arriving: number): void {
    const { index: own, cause: ownCause, time: _, ...seen } = observation
    const index = this.#length
    const cause = ownCause === 0 ? arriving : (entryOf.get(ownCause) ?? -1)
    entryOf.set(own, index)
    this.places[host] = { ...(this.places[host] as Place), lastEntry: index }
    this.#record({ type: 'event', index, cause, timeMs: 0, ...seen }, host, text)
  }

  #record(entry: TraceEntry, host: number, text: string): void {
    this.#trail = { entry, before: this.#trail }
    this.#length++
    const isRequest = entry.type === 'event' && entry.direction !== 'indication'
    this.#seen = this.#seen.and(isRequest ? 'request' : entry.type === 'event' ? 'indication' : 'crash', host, text)
  }
}

const OPERATE: Input = { text: 'operate', act: (live) => live.operate() }
