import type { Trace } from '@upon/checker'
import { PerfectFailureDetector, type Port, type ProcessId } from '@upon/contract'
import type { HandlerError, Observation } from '@upon/runtime'
import { Host, type TimerSite, type World } from '../host'
import type { Operation } from '../plan'
import { type Record, Recorder, recorded } from '../recorder'
import { canonical } from './canonical'

/** Something that may happen next. Its text is its name, and the same in every run that comes to the same state. */
export interface Move {
  readonly text: string
  readonly act: () => void
  /** Whether it need not happen ever: a crash, or the delivery of what came from a process that has crashed. */
  readonly isOptional: boolean
}

interface InFlight {
  readonly from: number
  readonly to: number
  readonly path: string
  readonly message: unknown
  readonly sentEntry: number
  readonly isLossy: boolean
  readonly text: string
}

interface ArmedTimer {
  readonly host: number
  readonly path: string
  readonly go: () => void
}

interface Detector {
  readonly host: number
  readonly path: string
  readonly detected: Set<ProcessId>
  readonly crash: (p: ProcessId) => void
}

/** How a client at one process performs an operation. */
type Perform = (operation: unknown, done: () => void) => void

export interface WorldOptions {
  readonly processes: readonly ProcessId[]
  readonly operations: readonly Operation[]
  readonly crashes: number
  readonly timeouts: number
  readonly isSynchronous: boolean
  readonly losses: number
  readonly repeats: number
  readonly record: Record
}

/** A small system without time: whatever is under way may happen next, in any order. */
export class ExploredWorld implements World {
  readonly hosts: Host[]
  readonly recorder: Recorder
  readonly errors: HandlerError[] = []
  readonly #records: (module: string, path: string) => boolean
  readonly #inFlight: InFlight[] = []
  readonly #timers = new Set<ArmedTimer>()
  readonly #detectors = new Set<Detector>()
  readonly #crashed: boolean[]
  readonly #clients: ({ readonly perform: Perform; readonly left: unknown[]; isBusy: boolean } | undefined)[]
  /** Messages that processes keep for instances to come: part of the state, though no process shows them. */
  readonly #held: string[] = []
  #crashesLeft: number
  #timeoutsLeft: number
  #lossesLeft: number
  #repeatsLeft: number

  constructor(readonly options: WorldOptions) {
    const { processes, crashes, timeouts, losses, repeats, record } = options
    this.#records = recorded(record)
    this.recorder = new Recorder(processes.length)
    this.#crashed = processes.map(() => false)
    this.#clients = processes.map(() => undefined)
    this.#crashesLeft = crashes
    this.#timeoutsLeft = timeouts
    this.#lossesLeft = losses
    this.#repeatsLeft = repeats
    this.hosts = processes.map((_, i) => new Host(i, processes, this))
  }

  client(host: number, perform: Perform): void {
    const left = this.options.operations.filter(({ process }) => process === this.options.processes[host]).map(({ operation }) => operation)
    this.#clients[host] = { perform, left, isBusy: false }
  }

  /** A perfect failure detector of a process, which detects whoever has crashed, at any moment after that. */
  detector(host: number): Port<PerfectFailureDetector> {
    return {
      sort: 'port',
      abstraction: PerfectFailureDetector,
      open: ({ path, indicate }) => {
        const detector = { host, path, detected: new Set<ProcessId>(), crash: indicate.crash }
        this.#detectors.add(detector)
        return { upon: {}, close: () => void this.#detectors.delete(detector) }
      },
    }
  }

  /** All that may happen next; of equal messages only one, for it makes no difference which. */
  moves(): Move[] {
    const moves = new Map<string, Move>()
    for (const message of this.#inFlight) {
      if (this.#crashed[message.to]) continue
      const isOptional = this.#crashed[message.from] === true
      for (const { text, act } of this.#fates(message)) moves.set(text, { text, act, isOptional })
    }
    this.options.processes.forEach((p, host) => {
      if (this.#crashed[host]) return
      const client = this.#clients[host]
      if (client !== undefined && !client.isBusy && client.left.length > 0)
        moves.set(`${p} acts`, { text: `${p} does ${canonical(client.left[0])}`, act: () => this.#operate(host), isOptional: false })
      if (this.#crashesLeft > 0) moves.set(`${p} crashes`, { text: `${p} crashes`, act: () => this.#crash(host), isOptional: true })
    })
    for (const move of this.#detections()) moves.set(move.text, move)
    if (this.#timeoutsLeft > 0 && !(this.options.isSynchronous && this.#isUnderWay))
      for (const timer of this.#timers) {
        const text = `${this.options.processes[timer.host]} ${timer.path} times out`
        if (!this.#crashed[timer.host]) moves.set(text, { text, act: () => this.#timeout(timer), isOptional: false })
      }
    return [...moves.values()]
  }

  *#detections(): Generator<Move> {
    const { processes } = this.options
    for (const { host, path, detected, crash } of this.#detectors)
      for (const [other, p] of processes.entries()) {
        if (!this.#crashed[other] || this.#crashed[host] || detected.has(p)) continue
        const act = () => {
          detected.add(p)
          crash(p)
        }
        yield { text: `${processes[host]} ${path} detects ${p}`, act, isOptional: false }
      }
  }

  get #isUnderWay(): boolean {
    return this.#inFlight.some(({ from, to }) => !this.#crashed[from] && !this.#crashed[to])
  }

  /** What may become of a message; fair-loss links may lose it, or deliver it and keep it for another time. */
  #fates(message: InFlight): Omit<Move, 'isOptional'>[] {
    const { text, isLossy } = message
    const fates = [{ text, act: () => this.#deliver(this.#take(message)) }]
    if (isLossy && this.#lossesLeft > 0)
      fates.push({
        text: `${text} is lost`,
        act: () => {
          this.#lossesLeft--
          this.#take(message)
        },
      })
    if (isLossy && this.#repeatsLeft > 0)
      fates.push({
        text: `${text} comes, and will again`,
        act: () => {
          this.#repeatsLeft--
          this.#deliver(message)
        },
      })
    return fates
  }

  #take(message: InFlight): InFlight {
    this.#inFlight.splice(this.#inFlight.indexOf(message), 1)
    return message
  }

  /** Whether a timer runs that no time-out is left for: then more could happen than is explored. */
  get isCutShort(): boolean {
    return this.#timeoutsLeft === 0 && [...this.#timers].some(({ host }) => !this.#crashed[host])
  }

  /** The whole state as text: what processes remember, what is under way, and what the application saw. */
  get state(): string {
    const processes = this.hosts.map(({ process }, i) =>
      this.#crashed[i] ? 'crashed' : `${canonical(process.snapshot())} ${process.counters.held}`,
    )
    const inFlight = this.#inFlight.filter(({ to }) => !this.#crashed[to]).map(({ text }) => text)
    const timers = [...this.#timers].map(({ host, path }) => `${host} ${path}`)
    const detectors = [...this.#detectors].map(({ host, path, detected }) => `${host} ${path} ${[...detected].sort()}`)
    const clients = this.#clients.map((client) => `${client?.left.length} ${client?.isBusy}`)
    const seen = this.recorder.entries.map((entry) =>
      entry.type === 'event'
        ? `${entry.process} ${entry.path} ${entry.event} ${canonical(entry.attributes)}`
        : `${entry.process} ${entry.type}`,
    )
    const parts = [
      processes,
      inFlight.sort(),
      timers.sort(),
      detectors.sort(),
      clients,
      this.#held,
      seen,
      [this.#crashesLeft, this.#timeoutsLeft, this.#lossesLeft, this.#repeatsLeft],
    ]
    return parts.map((part) => part.join('\n')).join('\n\n')
  }

  trace(end: Trace['end']): Trace {
    const processes = this.options.processes.map((id, i) => ({ id, rank: i + 1 }))
    return { format: 'upon-trace/1', processes, end, entries: this.recorder.entries }
  }

  #deliver(message: InFlight): void {
    this.recorder.arriving = message.sentEntry
    this.hosts[message.to]?.receive(this.options.processes[message.from] as ProcessId, message.path, message.message)
    this.recorder.arriving = -1
  }

  #operate(host: number): void {
    const client = this.#clients[host]
    if (client === undefined) return
    client.isBusy = true
    client.perform(client.left.shift(), () => {
      client.isBusy = false
    })
  }

  #timeout(timer: ArmedTimer): void {
    this.#timeoutsLeft--
    this.#timers.delete(timer)
    if (this.options.isSynchronous) this.#inFlight.length = 0 // what came from crashed processes is lost, or it had come in time
    timer.go()
  }

  #crash(host: number): void {
    this.#crashesLeft--
    this.#crashed[host] = true
    this.recorder.fault('crash', 0, this.options.processes[host] as ProcessId)
    this.hosts[host]?.process.stop()
  }

  send(from: number, q: ProcessId, path: string, message: unknown, links: 'perfect' | 'fair-loss'): void {
    const { processes } = this.options
    const text = `${processes[from]}>${q} ${path} ${canonical(message)}`
    const at = this.recorder.currentAt(from)
    this.#inFlight.push({ from, to: processes.indexOf(q), path, message, sentEntry: at, isLossy: links === 'fair-loss', text })
  }

  timer({ host, path, timeout }: TimerSite): { start(delayMs: number): void; stop(): void } {
    const timer = { host, path, go: timeout }
    return { start: () => void this.#timers.add(timer), stop: () => void this.#timers.delete(timer) }
  }

  observes(module: string, path: string): boolean {
    return this.#records(module, path)
  }

  observe(host: number, observation: Observation): void {
    this.recorder.event(host, observation)
  }

  crashed(host: number, error: HandlerError): void {
    this.errors.push(error)
    this.#crashed[host] = true
  }

  missing(host: number, path: string, from: ProcessId, message: unknown): void {
    this.#held.push(`${host} ${from} ${path} ${canonical(message)}`)
  }

  nowMs(): number {
    return 0
  }
}
