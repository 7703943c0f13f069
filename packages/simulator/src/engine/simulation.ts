import type { ProcessId } from '@upon/contract'
import type { HandlerError, Observation } from '@upon/runtime'
import type { Trace, TraceEntry } from '@upon/trace'
import type { Plan } from '../plan/plan'
import { combine, hashOf, Random } from '../plan/random'
import { Host, type World, type WorldTimer } from './host'
import { LOST_IN_A_ROW_LIMIT } from './loss'
import { Network } from './network'
import { DETECTORS, Paths } from './paths'
import { Quiescence } from './quiescence'
import { Recorder, type RecordScope, recorded, recordsRules } from './recorder'
import { type About, nameOf, type Path, Scheduled } from './scheduled'
import { Timeline } from './timeline'

/** What a run may cost. */
export interface Limits {
  /** Messages, time-outs, client steps and faults; 200,000 by default. */
  readonly events: number
  /** Virtual time; by default 60,000, and 500 times the bound on delays. */
  readonly virtualMs: number
}

/**
 * How often each timer of a detector must have timed out, with nothing else happening, before a run counts as quiescent: a request and its
 * answer have arrived by then. Where messages may be lost forever, each link has delivered one after a few more.
 */
const CALM_TIMEOUTS = 3

/** The longest turn of a process: far less than detectors wait for. */
const LONGEST_TURN_US = 2000

/** What comes from outside the network. */
const OUTSIDE: readonly Scheduled['kind'][] = ['step', 'operation', 'fault']

/**
 * How many bounds of calm must pass. Over a link that takes seconds, a detector that keeps being wrong is right for a while by chance: there
 * it takes more.
 */
const boundsOfCalm = ({ boundMs }: Plan) => (boundMs >= 1_000 ? 10 : 2)

/** One run under way: n processes, what is scheduled, and the clock. Faults and clients act on it from outside. */
export class Simulation implements World {
  readonly hosts: Host[]
  readonly timeline: Timeline
  readonly network: Network
  readonly recorder: Recorder
  readonly quiescence: Quiescence
  readonly errors: HandlerError[] = []
  // lists, since a closure in a field of its own keeps the run alive until a full garbage collection

  /** Called with each entry of the trace. */
  readonly onEntry: ((entry: TraceEntry) => void)[] = []
  /** Called after each message that a process sends to another one. */
  readonly onSend: ((host: number, sends: number) => void)[] = []
  /** Called when a process has recovered. */
  readonly onRecovery: ((host: number) => void)[] = []

  /** What adversarial layers do when a process has crashed, or has recovered. */
  readonly watchers: { readonly upon: 'crash' | 'recover'; readonly host: number; readonly action: () => void }[] = []

  /** Which instances are recorded. */
  readonly records: (module: string, path: string) => boolean
  readonly #recordsRules: boolean

  events = 0

  /** What processes have signed. */
  readonly signed = new Set<string>()
  readonly #paths: Paths
  /** The random numbers of each instance that draws any. */
  readonly #randoms = new Map<string, Random>()
  readonly #placeOf: Map<ProcessId, number>
  readonly #sends: number[]
  readonly #crashed: number[]
  readonly #paused: (Scheduled[] | undefined)[]
  readonly #slowUs: number[]
  readonly #busyUntilUs: number[]
  readonly #drift: number[]
  /** How many of each kind of `OUTSIDE` each process has had. */
  readonly #numbers: number[] = []
  /** Timers that the plan has time out too early. */
  readonly #early: ReadonlyMap<string, number>
  #hashA = 1
  #hashB = 2

  constructor(
    readonly plan: Plan,
    readonly limits: Limits,
    record: RecordScope,
    recordsDelays: boolean,
  ) {
    const n = plan.processes.length
    this.records = recorded(record)
    this.#recordsRules = recordsRules(record)
    const losesForEver = plan.faults.some((fault) => fault.kind === 'loss' && fault.lostPercent > 0 && fault.toMs === undefined)
    this.quiescence = new Quiescence(
      losesForEver ? LOST_IN_A_ROW_LIMIT + 2 : CALM_TIMEOUTS,
      Math.round(plan.boundMs * 1000 * boundsOfCalm(plan)),
    )
    this.timeline = new Timeline(this.quiescence)
    this.recorder = new Recorder(n)
    this.#paths = new Paths()
    this.network = new Network(plan, this.timeline, this.#paths, this.recorder, recordsDelays)
    this.#placeOf = new Map(plan.processes.map((p, i) => [p, i]))
    this.#sends = new Array<number>(n).fill(0)
    this.#crashed = new Array<number>(n).fill(0)
    this.#paused = new Array(n).fill(undefined)
    this.#slowUs = new Array<number>(n).fill(0)
    this.#busyUntilUs = new Array<number>(n).fill(0)
    this.#drift = new Array<number>(n).fill(100)
    const links = plan.links ?? (plan.faults.some(({ kind }) => kind === 'recover') ? 'fair-loss' : 'all')
    this.#early = new Map(
      plan.faults.flatMap((fault) => (fault.kind === 'fate' && fault.is === 'early' ? [[fault.message, fault.afterMs ?? 0]] : [])),
    )
    this.hosts = plan.processes.map((_, i) => new Host(i, plan.processes, this, links))
  }

  place(p: ProcessId): number {
    const place = this.#placeOf.get(p)
    if (place === undefined) throw new RangeError(`there is no process ${p}: expected one of ${this.plan.processes.join(', ')}`)
    return place
  }

  nowMs(): number {
    return this.timeline.nowMs()
  }

  /** Runs until nothing is under way, or a limit is reached. */
  run(): Trace['end'] {
    const { limits, quiescence, timeline, network } = this
    const limitUs = limits.virtualMs * 1000
    while (this.events < limits.events && timeline.nowUs <= limitUs) {
      if (network.isStable && quiescence.isReached) return 'quiescent'
      const next = this.#next()
      if (next === undefined) return network.isStable && quiescence.work === 0 ? 'quiescent' : 'cut'
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
    this.onSend.length = 0
    for (let next = this.#next(); next !== undefined && this.events++ < this.limits.events; next = this.#next())
      if (next.kind === 'message' && next.state === 'scheduled') this.#arrive(next)
  }

  #next(): Scheduled | undefined {
    return this.network.turn() ?? this.timeline.take()
  }

  /** Ends the run: processes that never stay up crash again. */
  end(): void {
    for (const fault of this.plan.faults)
      if ('atEnd' in fault && !this.isCrashed(this.place(fault.process))) this.recorder.fault('crash', this.nowMs(), fault.process)
    this.#dispose()
  }

  /** Ends all processes: breaking the references between them spares the garbage collector most of its work. */
  #dispose(): void {
    for (const { process } of this.hosts) process.stop()
  }

  /** 64 bits of what happened when. */
  get scheduleHash(): readonly [number, number] {
    return [this.#hashA, this.#hashB]
  }

  /** Something that comes to a process (-1: to all) from outside, after a delay. */
  later(kind: 'step' | 'operation' | 'fault', to: number, delayUs: number, action: () => void, about?: About): void {
    const scheduled = new Scheduled(kind, to, false, -1, undefined, about, false, action)
    const kindOf = OUTSIDE.indexOf(kind) * (this.plan.processes.length + 1)
    const at = kindOf + (to < 0 ? this.plan.processes.length : to)
    scheduled.number = this.#numbers[at] = (this.#numbers[at] ?? 0) + 1
    scheduled.sentEntry = about?.sentEntry ?? -1
    this.#schedule(scheduled, delayUs)
  }

  #schedule(scheduled: Scheduled, delayUs: number): void {
    const { timeline } = this
    const plannedMs = this.plan.deviations === undefined && this.#early.size === 0 ? undefined : this.#plannedMs(scheduled)
    scheduled.sentUs = timeline.nowUs
    timeline.begin(scheduled)
    timeline.place(scheduled, timeline.nowUs + (plannedMs === undefined ? delayUs : Math.round(plannedMs * 1000)))
  }

  /** Has the next thing happen, if anything is under way. */
  next(): Scheduled | undefined {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      if (next.state === 'done') continue
      this.events++
      this.#arrive(next)
      return next
    }
    return undefined
  }

  #plannedMs(scheduled: Scheduled): number | undefined {
    const { deviations, processes } = this.plan
    const name = nameOf(scheduled, processes)
    return this.#early.get(name) ?? deviations?.[name]
  }

  #arrive(scheduled: Scheduled): void {
    const { to, kind } = scheduled
    if ((kind === 'message' || kind === 'repeat') && this.network.stops(scheduled)) return
    if (to >= 0 && kind !== 'fault') {
      if (this.#crashed[to] === 1) {
        this.timeline.forget(scheduled)
        return
      }
      if (this.#isPaused(scheduled) || this.#isBusy(scheduled)) return
    }
    this.timeline.forget(scheduled)
    if (!scheduled.isBackground) this.quiescence.disturb(this.timeline.nowUs)
    this.#handle(scheduled)
  }

  #isPaused(scheduled: Scheduled): boolean {
    const waiting = this.#paused[scheduled.to]
    waiting?.push(scheduled)
    return waiting !== undefined
  }

  /** A slow process takes its time for each event. */
  #isBusy(scheduled: Scheduled): boolean {
    const { to } = scheduled
    const { nowUs } = this.timeline
    const untilUs = this.#busyUntilUs[to] as number
    if (untilUs > nowUs) {
      this.timeline.place(scheduled, untilUs)
      return true
    }
    this.#busyUntilUs[to] = nowUs + (this.#slowUs[to] as number)
    return false
  }

  #handle(scheduled: Scheduled): void {
    const { from, to, kind, path } = scheduled
    const link = from * this.hosts.length + to
    this.#hashA = combine(this.#hashA ^ this.timeline.nowUs, link)
    this.#hashB = combine(this.#hashB ^ (path?.hash ?? 0), scheduled.count)
    if (kind === 'message' || kind === 'repeat') {
      this.recorder.arriving = scheduled.sentEntry
      this.hosts[to]?.receive(this.plan.processes[from] as ProcessId, (path as Path).text, scheduled.message)
      this.recorder.arriving = -1
    } else scheduled.action?.()
  }

  send(from: number, q: ProcessId, text: string, message: unknown, links: 'perfect' | 'fair-loss'): void {
    this.network.send(from, this.place(q), text, message, links)
    this.countSend(from)
  }

  /** A process has sent a message, after which it may crash. */
  countSend(from: number): void {
    const sends = (this.#sends[from] as number) + 1
    this.#sends[from] = sends
    for (const listener of this.onSend) listener(from, sends)
  }

  /** Each instance has its own stream of random numbers: what one draws changes nothing for another. */
  draw(host: number, path: string, n: number): number {
    const key = `${host} ${path}`
    const random = this.#randoms.get(key) ?? new Random(combine(combine(this.plan.seed >>> 0, hashOf(path)), host + 1))
    this.#randoms.set(key, random)
    return random.below(n)
  }

  /** A turn ends after everything else that happens at this moment, or up to 2 ms later: several messages come in some turns. */
  endOfTurn(host: number, end: () => void): void {
    const { schedule, deviations } = this.plan
    const isEven = schedule.kind === 'fixed' && Object.keys(deviations ?? {}).length === 0 // as in pictures, and where steps are counted
    this.later('step', host, isEven ? 0 : this.draw(host, 'turn', 2) * this.draw(host, 'turn', LONGEST_TURN_US + 1), end)
  }

  timer({ host, path: text, timeout }: WorldTimer): { start(delayMs: number): void; stop(): void } {
    const path = this.#paths.of(text)
    const { isBackground } = path
    const timer = this.quiescence.timer()
    const own = host * (this.plan.processes.length + 1) // no message goes this way
    let running: Scheduled | undefined
    const stop = () => {
      if (running !== undefined) this.timeline.forget(running)
      running = undefined
      this.quiescence.stop(timer)
    }
    const go = () => {
      running = undefined
      if (isBackground) this.quiescence.timedOut(timer, this.timeline.nowUs)
      timeout()
    }
    const start = (delayMs: number) => {
      stop()
      if (isBackground) this.quiescence.start(timer)
      running = new Scheduled('timeout', host, isBackground, host, path, undefined, false, go)
      running.number = path.counts[own] = (path.counts[own] ?? 0) + 1
      const percent = this.network.isStable && this.plan.stabilisationMs > 0 ? 100 : (this.#drift[host] as number)
      this.#schedule(running, Math.max(1, Math.round(delayMs * 10 * percent)))
    }
    return { start, stop }
  }

  observes(module: string, path: string): boolean {
    return this.#paths.isDetector(module, path) || this.records(module, path)
  }

  observesRules(): boolean {
    return this.#recordsRules
  }

  observe(host: number, observation: Observation): void {
    if (DETECTORS.has(observation.module) && observation.direction !== 'rule') {
      this.quiescence.disturb(this.timeline.nowUs)
      if (!this.records(observation.module, observation.path)) return
    }
    const entry = this.recorder.event(host, observation)
    for (const listener of this.onEntry) listener(entry)
  }

  crashed(host: number, error: HandlerError): void {
    this.errors.push(error)
    this.crash(host, 0, error.message)
  }

  missing(host: number, path: string, _from: ProcessId, message: unknown): void {
    if (this.recorder.arriving >= 0) this.recorder.hold(host, path, message)
  }

  /** How many messages a process has sent to others. */
  sendsOf(host: number): number {
    return this.#sends[host] as number
  }

  /** What waits because its process is paused. */
  pausedAt(host: number): readonly Scheduled[] | undefined {
    return this.#paused[host]
  }

  isCrashed(host: number): boolean {
    return this.#crashed[host] === 1
  }

  crash(host: number, lostPercent: number, detail?: string): void {
    if (this.#crashed[host] === 1) return
    this.#crashed[host] = 1
    this.quiescence.disturb(this.timeline.nowUs)
    this.recorder.fault('crash', this.nowMs(), this.plan.processes[host] as ProcessId, detail)
    this.hosts[host]?.process.stop()
    this.#notify('crash')
    this.network.lose(host, lostPercent)
  }

  /** A crashed process starts again, with nothing but what it had stored. */
  recover(host: number): void {
    if (this.#crashed[host] === 0) return
    this.#crashed[host] = 0
    this.#busyUntilUs[host] = 0
    this.quiescence.disturb(this.timeline.nowUs)
    this.recorder.recover(host, this.nowMs(), this.plan.processes[host] as ProcessId)
    this.hosts[host]?.start()
    this.#notify('recover')
    for (const listener of this.onRecovery) listener(host)
  }

  #notify(what: 'crash' | 'recover'): void {
    for (const { upon, host, action } of this.watchers) if (upon === what && this.#crashed[host] === 0) this.later('step', host, 0, action)
  }

  pause(host: number): void {
    this.#paused[host] ??= []
  }

  resume(host: number): void {
    const waiting = this.#paused[host] ?? []
    this.#paused[host] = undefined
    for (const scheduled of waiting) this.timeline.place(scheduled, this.timeline.nowUs)
  }

  slow(host: number, eventUs: number): void {
    this.#slowUs[host] = eventUs
  }

  drift(host: number, percent: number): void {
    this.#drift[host] = percent
  }
}
