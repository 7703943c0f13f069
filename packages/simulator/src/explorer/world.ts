import type { Trace, TraceEntry } from '@upon/checker'
import type { ProcessId } from '@upon/contract'
import type { HandlerError } from '@upon/runtime'
import { canonical } from './canonical'
import type { Effect, History, Input, Sending } from './history'
import type { Texts } from './texts'

/** Something that may happen next. Its text is its name, and the same in every schedule that comes to the same state. */
export interface Move {
  readonly text: string
  /** Has it happen in a copy of the world that it is a move of. */
  readonly act: (world: ExploredWorld) => void
  /** Whether it need not happen ever: a crash, or the delivery of what came from a process that has crashed. */
  readonly isOptional: boolean
}

interface InFlight extends Sending {
  readonly sentEntry: number
}

interface ArmedTimer {
  readonly host: number
  readonly timer: number
  readonly path: string
}

interface Detector {
  readonly host: number
  readonly detector: number
  readonly path: string
  readonly detected: readonly ProcessId[]
}

/** One process of a world: how it came to be what it is, and where its events are in the trace. */
interface Place {
  readonly history: History
  readonly isCrashed: boolean
  readonly entryOf: ReadonlyMap<number, number>
  readonly lastEntry: number
}

/** How much more may happen of what need not. */
export interface Budget {
  readonly crashes: number
  readonly timeouts: number
  readonly losses: number
  readonly repeats: number
}

export interface WorldOptions {
  readonly processes: readonly ProcessId[]
  readonly isSynchronous: boolean
  readonly texts: Texts
}

/** A small system without time: whatever is under way may happen next, in any order. What it holds is not changed, but replaced. */
export class ExploredWorld {
  errors: readonly HandlerError[] = []
  entries: TraceEntry[] = []
  #places: Place[] = []
  #inFlight: InFlight[] = []
  #timers: ArmedTimer[] = []
  #detectors: Detector[] = []
  /** Messages that processes keep for instances to come: part of the state, though no process shows them. */
  #held = 0
  /** All that was recorded so far. */
  #seen = 0
  #left: Budget

  constructor(
    readonly options: WorldOptions,
    histories: readonly History[],
    left: Budget,
  ) {
    this.#left = left
    for (const [host, history] of histories.entries()) {
      this.#places.push({ history, isCrashed: false, entryOf: new Map(), lastEntry: -1 })
      for (const effect of history.effects) this.#suffer(host, effect, -1)
    }
  }

  /** The world when `move`, one of its own, has happened. */
  after(move: Move): ExploredWorld {
    const copy = new ExploredWorld(this.options, [], this.#left)
    copy.entries = this.entries.slice()
    copy.#places = this.#places.slice()
    copy.#inFlight = this.#inFlight.slice()
    copy.#timers = this.#timers.slice()
    copy.#detectors = this.#detectors.slice()
    copy.#held = this.#held
    copy.#seen = this.#seen
    move.act(copy)
    return copy
  }

  /** All that may happen next; of equal messages only one, for it makes no difference which. */
  moves(): Move[] {
    const moves = new Map<string, Move>()
    for (const message of this.#inFlight) {
      if (this.#isCrashed(message.to)) continue
      const isOptional = this.#isCrashed(message.from)
      for (const { text, act } of this.#fates(message)) moves.set(text, { text, act, isOptional })
    }
    for (const [host, { history, isCrashed }] of this.#places.entries()) {
      if (isCrashed) continue
      const p = this.#name(host)
      if (!history.isBusy && history.left.length > 0) {
        const text = `${p} does ${canonical(history.left[0])}`
        moves.set(`${p} acts`, { text, act: (world) => world.#come(host, OPERATE), isOptional: false })
      }
      if (this.#left.crashes > 0) moves.set(`${p} crashes`, { text: `${p} crashes`, act: (world) => world.#crash(host), isOptional: true })
    }
    for (const move of this.#detections()) moves.set(move.text, move)
    if (this.#left.timeouts > 0 && !(this.options.isSynchronous && this.#isUnderWay))
      for (const timer of this.#timers) {
        const text = `${this.#name(timer.host)} ${timer.path} times out`
        moves.set(text, { text, act: (world) => world.#timeout(timer), isOptional: false })
      }
    return [...moves.values()]
  }

  *#detections(): Generator<Move> {
    for (const watching of this.#detectors)
      for (const [other, p] of this.options.processes.entries()) {
        const { host, path, detected } = watching
        if (!this.#isCrashed(other) || detected.includes(p)) continue
        yield { text: `${this.#name(host)} ${path} detects ${p}`, act: (world) => world.#detect(watching, p), isOptional: false }
      }
  }

  #isCrashed(host: number): boolean {
    return (this.#places[host] as Place).isCrashed
  }

  #name(host: number): ProcessId {
    return this.options.processes[host] as ProcessId
  }

  get #isUnderWay(): boolean {
    return this.#inFlight.some(({ from, to }) => !this.#isCrashed(from) && !this.#isCrashed(to))
  }

  /** What may become of a message; fair-loss links may lose it, or deliver it and keep it for another time. */
  #fates(message: InFlight): Omit<Move, 'isOptional'>[] {
    const { text, isLossy } = message
    const fates: Omit<Move, 'isOptional'>[] = [{ text, act: (world) => world.#take(message).#deliver(message) }]
    if (isLossy && this.#left.losses > 0) fates.push({ text: `${text} is lost`, act: (world) => world.#spend('losses').#take(message) })
    if (isLossy && this.#left.repeats > 0)
      fates.push({ text: `${text} comes, and will again`, act: (world) => world.#spend('repeats').#deliver(message) })
    return fates
  }

  #spend(what: keyof Budget): this {
    this.#left = { ...this.#left, [what]: this.#left[what] - 1 }
    return this
  }

  #take(message: InFlight): this {
    this.#inFlight.splice(this.#inFlight.indexOf(message), 1)
    return this
  }

  /** Whether a timer runs that no time-out is left for: then more could happen than is explored. */
  get isCutShort(): boolean {
    return this.#left.timeouts === 0 && this.#timers.length > 0
  }

  /** The whole state as text: numbers for what processes remember, what is under way, and what the application saw. */
  get state(): string {
    const { texts, processes } = this.options
    const remembered = this.#places.map(
      ({ history: { state, left, isBusy }, isCrashed }) => `${isCrashed ? 0 : state} ${left.length} ${isBusy}`,
    )
    const inFlight = this.#inFlight.filter(({ to }) => !this.#isCrashed(to)).map(({ number }) => number)
    const timers = this.#timers.map(({ host, path }) => texts.numberOf(`${host} ${path}`))
    const detectors = this.#detectors.map(({ host, path, detected }) =>
      texts.numberOf(`${host} ${path} ${processes.filter((p) => detected.includes(p))}`),
    )
    const { crashes, timeouts, losses, repeats } = this.#left
    const parts = [
      remembered,
      inFlight.sort(),
      timers.sort(),
      detectors.sort(),
      [this.#held, this.#seen, crashes, timeouts, losses, repeats],
    ]
    return parts.map((part) => part.join()).join(';')
  }

  trace(end: Trace['end']): Trace {
    const processes = this.options.processes.map((id, i) => ({ id, rank: i + 1 }))
    return { format: 'upon-trace/1', processes, end, entries: this.entries }
  }

  #deliver({ from, to, path, message, text, sentEntry }: InFlight): void {
    const p = this.#name(from)
    this.#come(to, { text, act: ({ host }) => host.receive(p, path, message) }, sentEntry)
  }

  #timeout(armed: ArmedTimer): void {
    const { host, timer } = armed
    this.#spend('timeouts')
    this.#timers.splice(this.#timers.indexOf(armed), 1)
    if (this.options.isSynchronous) this.#inFlight = [] // what came from crashed processes is lost, or it had come in time
    this.#come(host, { text: `timeout ${timer}`, act: (live) => live.timeout(timer) })
  }

  #detect(watching: Detector, p: ProcessId): void {
    const { host, detector, detected } = watching
    this.#detectors[this.#detectors.indexOf(watching)] = { ...watching, detected: [...detected, p] }
    this.#come(host, { text: `detect ${detector} ${p}`, act: (live) => live.detect(detector, p) })
  }

  #crash(host: number): void {
    this.#spend('crashes')
    this.#end(host)
    this.#record({ type: 'crash', index: this.entries.length, timeMs: 0, process: this.#name(host) }, `${host} crash`)
  }

  /** Nothing comes to a process any more. */
  #end(host: number): void {
    this.#places[host] = { ...(this.#places[host] as Place), isCrashed: true }
    this.#timers = this.#timers.filter((timer) => timer.host !== host)
    this.#detectors = this.#detectors.filter((detector) => detector.host !== host)
  }

  #come(host: number, input: Input, cause = -1): void {
    const place = this.#places[host] as Place
    const history = place.history.after(input)
    this.#places[host] = { ...place, history }
    for (const effect of history.effects) this.#suffer(host, effect, cause)
  }

  /** Has what a process did take effect. */
  #suffer(host: number, effect: Effect, cause: number): void {
    switch (effect.type) {
      case 'send':
        this.#inFlight.push({ ...effect, sentEntry: (this.#places[host] as Place).lastEntry })
        return
      case 'event':
        this.#observe(host, effect, cause)
        return
      case 'arm':
        if (!this.#timers.some((armed) => armed.host === host && armed.timer === effect.timer))
          this.#timers.push({ host, timer: effect.timer, path: effect.path })
        return
      case 'disarm':
        this.#timers = this.#timers.filter((armed) => armed.host !== host || armed.timer !== effect.timer)
        return
      case 'watch':
        this.#detectors.push({ host, detector: effect.detector, path: effect.path, detected: [] })
        return
      case 'unwatch':
        this.#detectors = this.#detectors.filter((watching) => watching.host !== host || watching.detector !== effect.detector)
        return
      case 'hold':
        this.#held = this.options.texts.numberOf(`${this.#held} ${effect.text}`)
        return
      case 'error':
        this.errors = [...this.errors, effect.error]
        this.#end(host)
    }
  }

  #observe(host: number, { observation, text }: Extract<Effect, { type: 'event' }>, arriving: number): void {
    const place = this.#places[host] as Place
    const { index: own, cause: ownCause, process, path, module, direction, event, attributes } = observation
    const index = this.entries.length
    const cause = ownCause === 0 ? arriving : (place.entryOf.get(ownCause) ?? -1)
    this.#places[host] = { ...place, entryOf: new Map([...place.entryOf, [own, index]]), lastEntry: index }
    this.#record({ type: 'event', index, cause, timeMs: 0, process, path, module, direction, event, attributes }, text)
  }

  #record(entry: TraceEntry, text: string): void {
    this.entries.push(entry)
    this.#seen = this.options.texts.numberOf(`${this.#seen} ${text}`)
  }
}

const OPERATE: Input = { text: 'operate', act: (live) => live.operate() }
