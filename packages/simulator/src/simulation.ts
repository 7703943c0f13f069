import type { Trace, TraceEntry } from '@upon/checker'
import type { ProcessId } from '@upon/contract'
import type { HandlerError, Observation } from '@upon/runtime'
import { Agenda } from './agenda'
import { Coming, type Path } from './coming'
import { type Delay, delaysOf } from './delay'
import { Host, type TimerSite, type World } from './host'
import { Links } from './links'
import { Loss } from './loss'
import { DETECTORS, Paths } from './paths'
import type { Plan } from './plan'
import { Quiet } from './quiet'
import { combine } from './random'
import { Recorder } from './recorder'

/** What a run may cost. */
export interface Limits {
  /** Messages, time-outs, client steps and faults; 200,000 unless told. */
  readonly events: number
  /** Virtual time; 60,000 unless told. */
  readonly virtualMs: number
}

/** Messages come after all else that is due at the same moment, so that a recorded schedule can be replayed exactly. */
const BEFORE_MESSAGES = -(2 ** 30)

/** One run under way: n processes, what is coming to them, and the clock. Faults and clients act on it from outside. */
export class Simulation implements World {
  readonly hosts: Host[]
  readonly links: Links
  readonly recorder: Recorder
  readonly quiet = new Quiet()
  readonly loss: Loss
  readonly errors: HandlerError[] = []
  /** The delay of each message, in ms, when they are recorded. */
  readonly delaysMs: Record<string, number> | undefined
  /** Called with each entry of the trace. */
  onEntry: ((entry: TraceEntry) => void) | undefined
  /** Called after each message that a process sends to another one. */
  onSend: ((host: number, sends: number) => void) | undefined

  /** What ideal layers do when a process has crashed. */
  readonly crashWatchers: { readonly host: number; readonly action: () => void }[] = []

  nowUs = 0
  events = 0
  stabilised = false

  readonly #agenda = new Agenda<Coming>()
  readonly #paths: Paths
  readonly #placeOf: Map<ProcessId, number>
  readonly #sends: number[]
  readonly #crashed: number[]
  readonly #paused: (Coming[] | undefined)[]
  readonly #slowUs: number[]
  readonly #busyUntilUs: number[]
  readonly #drift: number[]
  readonly #delay: Delay
  readonly #boundUs: number
  readonly #stabilisationUs: number
  readonly #stepUs: number
  #byPriority: boolean
  #order = 0
  #hashA = 1
  #hashB = 2

  constructor(
    readonly plan: Plan,
    readonly limits: Limits,
    readonly records: (module: string, path: string) => boolean,
    recordsDelays: boolean,
  ) {
    const n = plan.processes.length
    const { schedule } = plan
    this.#boundUs = Math.max(1, Math.round(plan.boundMs * 1000))
    this.#stabilisationUs = Math.round(plan.stabilisationMs * 1000)
    this.#delay = delaysOf(schedule, this.#boundUs)
    this.#byPriority = schedule.kind === 'priorities'
    this.#stepUs = schedule.kind === 'priorities' ? Math.max(1, Math.round(schedule.stepMs * 1000)) : 0
    this.links = new Links(n)
    if (schedule.kind === 'priorities') this.links.prioritise(schedule.seed, schedule.changes)
    this.recorder = new Recorder(n)
    this.#paths = new Paths(n)
    this.loss = new Loss(n)
    this.delaysMs = recordsDelays ? {} : undefined
    this.#placeOf = new Map(plan.processes.map((p, i) => [p, i]))
    this.#sends = new Array<number>(n).fill(0)
    this.#crashed = new Array<number>(n).fill(0)
    this.#paused = new Array(n).fill(undefined)
    this.#slowUs = new Array<number>(n).fill(0)
    this.#busyUntilUs = new Array<number>(n).fill(0)
    this.#drift = new Array<number>(n).fill(100)
    this.hosts = plan.processes.map((_, i) => new Host(i, plan.processes, this))
    if (this.#stabilisationUs === 0) this.stabilised = true
  }

  place(p: ProcessId): number {
    const place = this.#placeOf.get(p)
    if (place === undefined) throw new RangeError(`there is no process ${p}: expected one of ${this.plan.processes.join(', ')}`)
    return place
  }

  nowMs(): number {
    return this.nowUs / 1000
  }

  /** Runs until nothing is under way, or a limit is reached. */
  run(): Trace['end'] {
    const { limits, quiet } = this
    const limitUs = limits.virtualMs * 1000
    while (this.events < limits.events && this.nowUs <= limitUs) {
      if (this.stabilised && quiet.isQuiescent) return 'quiescent'
      const next = this.#next()
      if (next === undefined) return this.stabilised && quiet.work === 0 ? 'quiescent' : 'cut'
      if (next.state === 'done') continue
      this.events++
      this.#arrive(next)
    }
    return 'cut'
  }

  /**
   * Delivers what is still on its way at a quiescent end, the detectors' last messages and the answers to these, and lets no timer time
   * out any more: so that a trace with the links in it shows that they delivered everything.
   */
  drain(): void {
    this.onSend = undefined
    for (let next = this.#next(); next !== undefined && this.events++ < this.limits.events; next = this.#next())
      if (next.kind === 'message' && next.state === 'coming') this.#arrive(next)
  }

  /** Ends all processes: undoing what refers to each other spares the garbage collector most of its work. */
  dispose(): void {
    for (const { process } of this.hosts) process.stop()
  }

  /** 64 bits of what happened when. */
  get scheduleHash(): readonly [number, number] {
    return [this.#hashA, this.#hashB]
  }

  schedule(coming: Coming, timeUs: number): void {
    coming.timeUs = timeUs
    coming.order = ++this.#order + (coming.kind === 'message' || coming.kind === 'repeat' ? 0 : BEFORE_MESSAGES)
    if (!coming.isBackground) this.quiet.work++
    this.#agenda.add(coming)
  }

  /** Something that comes to a process (-1: to all) from outside, after a delay. */
  later(kind: 'step' | 'fault', to: number, delayUs: number, action: () => void): void {
    this.schedule(new Coming(kind, to, false, -1, undefined, undefined, false, action), this.nowUs + delayUs)
  }

  #next(): Coming | undefined {
    const first = this.#agenda.first
    const turn = this.#byPriority ? this.#turnBefore(first?.timeUs ?? Number.POSITIVE_INFINITY) : undefined
    if (turn !== undefined) return turn
    this.#agenda.take()
    if (first !== undefined && first.timeUs > this.nowUs) this.nowUs = first.timeUs
    return first
  }

  /** Under priorities: the message whose turn it is, if that comes before anything else. */
  #turnBefore(elseUs: number): Coming | undefined {
    const { links } = this
    if (links.waiting === 0) return undefined
    const latestUs = this.stabilised ? links.oldestUs + this.#boundUs : Number.POSITIVE_INFINITY
    const timeUs = Math.min(latestUs, this.nowUs + this.#stepUs)
    if (elseUs <= timeUs) return undefined
    const turn = timeUs === latestUs ? links.takeOldest() : links.take()
    if (turn === undefined) return undefined
    this.nowUs = timeUs
    this.#note(turn, timeUs - turn.sentUs)
    return turn
  }

  #arrive(coming: Coming): void {
    const { to, kind } = coming
    if (kind === 'message' || kind === 'repeat') {
      const link = coming.from * this.hosts.length + to
      if (this.links.isCut(link)) {
        if (coming.isLossy) this.forget(coming)
        else this.links.waitAtCut(link, coming)
        return
      }
    }
    if (to >= 0 && kind !== 'fault') {
      if (this.#crashed[to] === 1) {
        this.forget(coming)
        return
      }
      if (this.#isPaused(coming) || this.#isBusy(coming)) return
    }
    this.forget(coming)
    if (!coming.isBackground) this.quiet.stir()
    this.#handle(coming)
  }

  #isPaused(coming: Coming): boolean {
    const waiting = this.#paused[coming.to]
    waiting?.push(coming)
    return waiting !== undefined
  }

  /** A slow process takes its time for each thing that comes to it. */
  #isBusy(coming: Coming): boolean {
    const { to } = coming
    const untilUs = this.#busyUntilUs[to] as number
    if (untilUs > this.nowUs) {
      coming.timeUs = untilUs
      this.#agenda.add(coming)
      return true
    }
    this.#busyUntilUs[to] = this.nowUs + (this.#slowUs[to] as number)
    return false
  }

  #handle(coming: Coming): void {
    const { from, to, kind, path } = coming
    const link = from * this.hosts.length + to
    this.#hashA = combine(this.#hashA ^ this.nowUs, link)
    this.#hashB = combine(this.#hashB ^ (path?.hash ?? 0), coming.count)
    if (kind === 'message' || kind === 'repeat') {
      this.recorder.arriving = coming.sentEntry
      this.hosts[to]?.receive(this.plan.processes[from] as ProcessId, (path as Path).text, coming.message)
      this.recorder.arriving = -1
    } else coming.action?.()
  }

  /** Takes something back, or counts it as handled. */
  forget(coming: Coming): void {
    if (coming.state === 'done') return
    coming.state = 'done'
    if (!coming.isBackground) this.quiet.work--
  }

  send(from: number, q: ProcessId, text: string, message: unknown, links: 'perfect' | 'fair-loss'): void {
    const to = this.place(q)
    const path = this.#paths.of(text)
    const link = from * this.hosts.length + to
    const count = (path.counts[link] as number) + 1
    path.counts[link] = count
    const coming = new Coming('message', to, path.isBackground, from, path, message, links === 'fair-loss', undefined)
    coming.count = count
    coming.sentUs = this.nowUs
    coming.sentEntry = this.#sendingEntry(from, text)
    if (coming.isLossy) this.#sendUnreliably(coming, link)
    else this.#carry(coming, link)
    const sends = (this.#sends[from] as number) + 1
    this.#sends[from] = sends
    this.onSend?.(from, sends)
  }

  #sendingEntry(from: number, path: string): number {
    const at = this.recorder.currentAt(from)
    const entry = this.recorder.entries[at]
    return entry?.type === 'event' && entry.event === 'send' && entry.path === path ? at : -1
  }

  #carry(coming: Coming, link: number): void {
    const { path, count } = coming
    if (this.#byPriority && this.plan.deviations === undefined) {
      coming.order = ++this.#order
      if (!coming.isBackground) this.quiet.work++
      this.links.enqueue(link, coming)
      return
    }
    const told = this.plan.deviations?.[this.#nameOf(coming)]
    const drawnUs = told === undefined ? this.#delay((path as Path).hash, link, count) : Math.round(told * 1000)
    const latestUs = Math.max(this.nowUs, this.#stabilisationUs) + this.#boundUs
    const timeUs = Math.min(this.nowUs + drawnUs, latestUs)
    this.#note(coming, timeUs - this.nowUs)
    this.schedule(coming, timeUs)
  }

  #sendUnreliably(coming: Coming, link: number): void {
    const { path, count, from, to, message, isBackground } = coming
    const bits = combine(combine((path as Path).hash ^ this.plan.seed, link), count)
    const fate = this.loss.fateOf(link, bits)
    const tell = (type: 'loss' | 'duplicate') =>
      this.recorder.fault(type, this.nowMs(), this.plan.processes[from] as ProcessId, this.#nameOf(coming))
    if (fate === 'lost') {
      tell('loss')
      return
    }
    this.#carry(coming, link)
    if (fate === 'once') return
    tell('duplicate')
    const again = new Coming('repeat', to, isBackground, from, path, message, true, undefined)
    Object.assign(again, { count, sentUs: coming.sentUs, sentEntry: coming.sentEntry })
    this.schedule(again, coming.timeUs + 1 + (bits % (2 * this.#boundUs)))
  }

  #nameOf({ from, to, path, count }: Coming): string {
    const { processes } = this.plan
    return `${processes[from]}>${processes[to]} ${path?.text} ${count}`
  }

  #note(coming: Coming, delayUs: number): void {
    if (this.delaysMs !== undefined && coming.kind === 'message') this.delaysMs[this.#nameOf(coming)] = delayUs / 1000
  }

  timer({ host, path: text, timeout }: TimerSite): { start(delayMs: number): void; stop(): void } {
    const path = this.#paths.of(text)
    const { isBackground } = path
    const beat = this.quiet.beat()
    let running: Coming | undefined
    const stop = () => {
      if (running !== undefined) this.forget(running)
      running = undefined
      this.quiet.disarm(beat)
    }
    const go = () => {
      running = undefined
      if (isBackground) this.quiet.went(beat)
      timeout()
    }
    const start = (delayMs: number) => {
      stop()
      if (isBackground) this.quiet.arm(beat)
      running = new Coming('timeout', host, isBackground, host, path, undefined, false, go)
      const percent = this.stabilised ? 100 : (this.#drift[host] as number)
      this.schedule(running, this.nowUs + Math.max(1, Math.round(delayMs * 10 * percent)))
    }
    return { start, stop }
  }

  observes(module: string, path: string): boolean {
    return this.#paths.isDetector(module, path) || this.records(module, path)
  }

  observe(host: number, observation: Observation): void {
    if (DETECTORS.has(observation.module)) {
      this.quiet.stir()
      if (!this.records(observation.module, observation.path)) return
    }
    const entry = this.recorder.event(host, observation)
    this.onEntry?.(entry)
  }

  crashed(host: number, error: HandlerError): void {
    this.errors.push(error)
    this.crash(host, 0, error.message)
  }

  missing(host: number, path: string, _from: ProcessId, message: unknown): void {
    if (this.recorder.arriving >= 0) this.recorder.hold(host, path, message)
  }

  isCrashed(host: number): boolean {
    return this.#crashed[host] === 1
  }

  crash(host: number, lostPercent: number, detail?: string): void {
    if (this.#crashed[host] === 1) return
    this.#crashed[host] = 1
    this.quiet.stir()
    this.recorder.fault('crash', this.nowMs(), this.plan.processes[host] as ProcessId, detail)
    this.hosts[host]?.process.stop()
    for (const { host: watcher, action } of this.crashWatchers) this.later('step', watcher, 0, action)
    if (lostPercent === 0) return
    const isLost = ({ kind, from, order }: Coming) =>
      (kind === 'message' || kind === 'repeat') && from === host && combine(order >>> 0, 0xdead) % 100 < lostPercent
    for (const coming of this.#agenda) if (isLost(coming)) this.forget(coming)
    for (const coming of this.links) if (isLost(coming)) this.forget(coming)
  }

  pause(host: number): void {
    this.#paused[host] ??= []
  }

  resume(host: number): void {
    const waiting = this.#paused[host] ?? []
    this.#paused[host] = undefined
    for (const coming of waiting) {
      coming.timeUs = this.nowUs
      this.#agenda.add(coming)
    }
  }

  slow(host: number, eventUs: number): void {
    this.#slowUs[host] = eventUs
  }

  drift(host: number, percent: number): void {
    this.#drift[host] = percent
  }

  heal(links: readonly number[]): void {
    for (const coming of this.links.heal(links)) {
      coming.timeUs = this.nowUs + 1 + (combine(coming.order >>> 0, 0x4ea1) % this.#boundUs)
      this.#agenda.add(coming)
    }
  }

  /** From here on delays are bounded, whatever is under way now included. */
  stabilise(): void {
    this.stabilised = true
    if (!this.#byPriority) return
    this.#byPriority = false
    for (const coming of this.links.release()) {
      coming.timeUs = this.nowUs + 1 + (combine(coming.order >>> 0, 0x57ab) % this.#boundUs)
      this.#note(coming, coming.timeUs - coming.sentUs)
      this.#agenda.add(coming)
    }
  }
}
