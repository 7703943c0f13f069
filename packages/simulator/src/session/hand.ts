import type { ProcessId } from '@upon/contract'
import { detailOf, linksOf, scheduleFaults, stabiliseInTime } from '../engine/faults'
import type { RecordScope } from '../engine/recorder'
import { nameOf, type Scheduled } from '../engine/scheduled'
import { type Setup, startAll } from '../engine/simulate'
import { Simulation } from '../engine/simulation'
import type { Crash, Fault, Plan } from '../plan/plan'
import { Clients } from './clients'
import { type Pending, pendingOf } from './pending'

type Cut = Fault & { readonly kind: 'partition' | 'block' }
type ArmedCrash = Crash & { readonly afterSends: number }

/** More than anybody waits for at once. */
const LIMIT_AT_ONCE = 200_000
const LIMIT_REST_MS = 600_000

/** Something that happens at another moment than the one at which it was due. */
export interface Moved {
  readonly scheduled: Scheduled
  readonly dueUs: number
}

/** A reason why something cannot be done. */
export class Impossible extends Error {}

/**
 * A simulation in somebody's hand. Whatever is done by hand has a moment of its own, in which nothing else happens: what was due by then
 * comes right after it. So a plan that has the same at the same moments is the same run, by hand or not.
 */
export class Hand<O> {
  readonly simulation: Simulation
  readonly clients: Clients<O>
  /** What happens at another moment than it would have by itself, by its name. */
  readonly moved = new Map<string, Moved>()
  /** Messages that were dropped, and which links carried them. */
  readonly dropped = new Map<string, Scheduled>()
  /** Copies made by hand. */
  readonly copies: Scheduled[] = []
  /** Crashes, recoveries, ended cuts and pauses. */
  readonly faults: Fault[] = []
  readonly cuts: (Cut & { readonly fromMs: number })[] = []
  /** Since when processes are paused. */
  readonly pauses = new Map<number, number>()
  /** Since when delays are bounded. */
  stableUs: number
  #armed: ArmedCrash[] = []

  constructor(
    readonly plan: Plan<O>,
    setup: Setup<O>,
    record: RecordScope,
  ) {
    const limits = { events: Number.POSITIVE_INFINITY, virtualMs: Number.POSITIVE_INFINITY }
    this.simulation = new Simulation(plan, limits, record, false)
    this.stableUs = this.simulation.network.isStable ? 0 : Number.POSITIVE_INFINITY
    this.clients = new Clients(this.simulation, setup, plan.operations)
  }

  /** Has the run begin. Apart from the constructor, so that somebody can watch it. */
  begin(): void {
    const { simulation, clients, plan } = this
    stabiliseInTime(simulation)
    for (const scheduled of simulation.timeline) simulation.timeline.forget(scheduled) // seen to here; a run counts it, so we do
    scheduleFaults(simulation, plan.faults)
    const begin = (host: number) => clients.begin(host)
    simulation.onRecovery.push(begin)
    startAll(simulation, begin)
    simulation.onSend.push((host, sends) => {
      const crash = this.#armed.find(({ process, afterSends }) => simulation.place(process) === host && afterSends === sends)
      if (crash !== undefined) this.#crashNow(host, crash)
    })
  }

  get nowMs(): number {
    return this.simulation.nowMs()
  }

  /** Whether nothing is under way but what detectors do forever. */
  get isAtRest(): boolean {
    return this.simulation.quiescence.isReached
  }

  nameOf(scheduled: Scheduled): string {
    return nameOf(scheduled, this.plan.processes)
  }

  /** All that is under way, soonest first; then what is held back. */
  get pending(): Pending[] {
    const { plan, simulation, clients } = this
    const { processes } = plan
    const all = this.upcoming().map((scheduled) => pendingOf(scheduled, processes))
    const held = [
      ...this.#atCuts().map((scheduled) => pendingOf(scheduled, processes, 'cut')),
      ...processes.flatMap((_, host) => this.#atPause(host).map((scheduled) => pendingOf(scheduled, processes, 'pause'))),
    ]
    const waiting = processes.flatMap((to, host) => {
      if (simulation.isCrashed(host)) return []
      const left = clients.leftAt(host).map(({ operation }) => operation)
      const isScheduled = clients.isIdle(host) && left.length > 0
      return left.slice(isScheduled ? 1 : 0).map((message, i): Pending => {
        return { id: `${to} waiting ${i + 1}`, kind: 'request', to, message, heldBy: 'client' }
      })
    })
    const crashes = this.armed.map(({ process: to, afterSends }): Pending => ({ id: `${to} crash ${afterSends}`, kind: 'crash', to }))
    return [...all, ...held, ...waiting, ...crashes].map((item) => this.#withOperation(item))
  }

  /** What is on its way to processes that are there, soonest first. */
  upcoming(): Scheduled[] {
    const { timeline } = this.simulation
    return [...timeline].filter((scheduled) => this.#isUpcoming(scheduled)).sort((a, b) => a.timeUs - b.timeUs || a.order - b.order)
  }

  #isUpcoming({ state, to, kind }: Scheduled): boolean {
    return state === 'scheduled' && (to < 0 || kind === 'fault' || !this.simulation.isCrashed(to))
  }

  #atCuts(): Scheduled[] {
    return [...this.simulation.network.links].filter((scheduled) => this.#isUpcoming(scheduled))
  }

  #atPause(host: number): Scheduled[] {
    return (this.simulation.pausedAt(host) ?? []).filter((scheduled) => this.#isUpcoming(scheduled))
  }

  #withOperation(item: Pending): Pending {
    if (item.kind !== 'request' || item.heldBy === 'client' || item.to === undefined) return item
    return { ...item, message: this.clients.leftAt(this.simulation.place(item.to))[0]?.operation }
  }

  /** What has this id; nothing if nothing has. */
  find(id: string): { readonly scheduled: Scheduled; readonly heldBy: 'cut' | 'pause' | undefined } | undefined {
    const named = (scheduled: Scheduled) => this.nameOf(scheduled) === id
    const scheduled = this.upcoming().find(named)
    if (scheduled !== undefined) return { scheduled, heldBy: undefined }
    const atCut = this.#atCuts().find(named)
    if (atCut !== undefined) return { scheduled: atCut, heldBy: 'cut' }
    for (const host of this.plan.processes.keys()) {
      const paused = this.#atPause(host).find(named)
      if (paused !== undefined) return { scheduled: paused, heldBy: 'pause' }
    }
    return undefined
  }

  get armed(): readonly ArmedCrash[] {
    return this.#armed.filter(({ process }) => !this.simulation.isCrashed(this.simulation.place(process)))
  }

  /** The next thing that anybody could see happens. */
  next(): boolean {
    const { simulation } = this
    for (let first = simulation.timeline.first; first !== undefined; first = simulation.timeline.first) {
      this.#stabiliseBy(first.timeUs)
      const isVain = first.to >= 0 && first.kind !== 'fault' && simulation.isCrashed(first.to)
      simulation.next()
      if (first.state === 'done' && !isVain) return true
    }
    return false
  }

  until(timeMs: number): void {
    const { timeline } = this.simulation
    const untilUs = Math.round(timeMs * 1000)
    for (let n = 0; (timeline.first?.timeUs ?? Number.POSITIVE_INFINITY) <= untilUs; n++) {
      if (n === LIMIT_AT_ONCE) throw new Impossible(`more than ${LIMIT_AT_ONCE} things happen by then`)
      this.#stabiliseBy(timeline.first?.timeUs as number)
      this.simulation.next()
    }
    this.#stabiliseBy(untilUs)
    timeline.nowUs = Math.max(timeline.nowUs, untilUs)
  }

  rest(): void {
    const limitMs = this.nowMs + LIMIT_REST_MS
    for (let n = 0; !this.isAtRest; n++) {
      if (n === LIMIT_AT_ONCE || this.nowMs > limitMs) throw new Impossible(`it is not at rest after ${n} things, at ${this.nowMs} ms`)
      if (!this.next()) return // what is held back keeps it from resting
    }
  }

  /** A moment of its own, of which all that is due comes after; faults of the plan keep theirs. */
  instant(): void {
    const { timeline } = this.simulation
    for (;;) {
      const atUs = timeline.nowUs + 1
      this.#stabiliseBy(atUs)
      const due = this.upcoming().filter((scheduled) => scheduled.timeUs <= atUs + (this.#isMadeByHand(scheduled) ? 1 : 0))
      const hasFault = due.some(({ kind }) => kind === 'fault')
      this.#moveAll(
        due.filter(({ kind }) => kind !== 'fault'),
        atUs + 1,
      )
      if (!hasFault) {
        timeline.nowUs = atUs
        return
      }
      this.simulation.next()
    }
  }

  /** Something that is under way happens now. */
  come(scheduled: Scheduled): void {
    this.instant()
    this.#move(scheduled, this.simulation.timeline.nowUs)
    this.simulation.next()
  }

  drop(scheduled: Scheduled): void {
    this.simulation.timeline.forget(scheduled)
    const isOwnCopy = this.copies.includes(scheduled)
    if (isOwnCopy) this.copies.splice(this.copies.indexOf(scheduled), 1)
    else this.dropped.set(this.nameOf(scheduled), scheduled)
    this.simulation.network.tell('loss', scheduled)
  }

  duplicate(scheduled: Scheduled): void {
    const { simulation } = this
    const numbers = [...this.upcoming(), ...this.#atCuts(), ...this.copies]
      .filter(
        (other) =>
          other.kind === 'repeat' && other.path === scheduled.path && other.count === scheduled.count && other.from === scheduled.from,
      )
      .map(({ number }) => number)
    const copy = simulation.network.repeat(scheduled, Math.max(1, ...numbers) + 1)
    this.copies.push(copy)
    simulation.timeline.place(copy, this.#freeUs(Math.max(scheduled.timeUs, simulation.timeline.nowUs) + 1))
    simulation.network.tell('duplicate', scheduled)
  }

  delay(scheduled: Scheduled, byMs: number): void {
    const fromUs = Math.max(scheduled.timeUs, this.simulation.timeline.nowUs)
    this.#move(scheduled, this.#freeUs(fromUs + Math.round(byMs * 1000)))
  }

  request(host: number, operation: O): void {
    this.instant()
    if (!this.clients.add(host, operation)) return
    const scheduled = this.upcoming().find(({ kind, to }) => kind === 'operation' && to === host)
    if (scheduled !== undefined) this.simulation.next()
  }

  crash(host: number, lost: 'all' | readonly Scheduled[]): void {
    this.instant()
    const process = this.plan.processes[host] as ProcessId
    this.faults.push({ kind: 'crash', process, atMs: this.nowMs, unforeseen: true })
    this.simulation.crash(host, 0)
    this.#lose(lost === 'all' ? this.#sentBy(host) : lost)
  }

  /** A process has sent as much as it was to. Its messages are lost one by one, so that it is known which. */
  #crashNow(host: number, crash: ArmedCrash): void {
    const { lostPercent, ...without } = crash
    this.faults[this.faults.indexOf(crash)] = without
    this.simulation.crash(host, 0)
    if (lostPercent === 100) this.#lose(this.#sentBy(host))
  }

  #lose(messages: readonly Scheduled[]): void {
    for (const message of messages) this.drop(message)
  }

  /** All messages under way from a process, those included that wait at a paused one. */
  #sentBy(host: number): Scheduled[] {
    const paused = this.plan.processes.flatMap((_, to) => this.#atPause(to))
    const isSent = ({ kind, from, state }: Scheduled) => from === host && state === 'scheduled' && (kind === 'message' || kind === 'repeat')
    return [...this.upcoming(), ...this.#atCuts(), ...paused].filter(isSent)
  }

  crashAfter(host: number, sends: number, lostPercent: number): void {
    const process = this.plan.processes[host] as ProcessId
    const crash: ArmedCrash = { kind: 'crash', process, afterSends: this.simulation.sendsOf(host) + sends, lostPercent, unforeseen: true }
    this.#armed.push(crash)
    this.faults.push(crash)
  }

  recover(host: number): void {
    this.instant()
    const process = this.plan.processes[host] as ProcessId
    this.#armed = this.#armed.filter((crash) => crash.process !== process)
    this.faults.push({ kind: 'recover', process, atMs: this.nowMs, unforeseen: true })
    this.simulation.recover(host)
  }

  pause(host: number): void {
    this.instant()
    this.simulation.recorder.fault('pause', this.nowMs, this.plan.processes[host] as ProcessId)
    this.simulation.pause(host)
    this.pauses.set(host, this.nowMs)
  }

  resume(host: number): void {
    this.instant()
    const process = this.plan.processes[host] as ProcessId
    this.faults.push({ kind: 'pause', process, fromMs: this.pauses.get(host) as number, toMs: this.nowMs })
    this.pauses.delete(host)
    const waiting = this.#atPause(host)
    this.simulation.recorder.fault('resume', this.nowMs, process)
    this.simulation.resume(host)
    this.#moveAll(waiting, this.simulation.timeline.nowUs + 1)
  }

  cut(cut: Cut): void {
    this.instant()
    const { simulation, nowMs } = this
    simulation.recorder.fault('partition', nowMs, undefined, detailOf(cut))
    simulation.network.links.cut(linksOf(simulation, cut))
    this.cuts.push({ ...cut, fromMs: nowMs })
  }

  heal(): void {
    this.instant()
    const { simulation, nowMs } = this
    const waiting = this.#atCuts()
    for (const cut of this.cuts.splice(0)) {
      simulation.recorder.fault('heal', nowMs, undefined, detailOf(cut))
      simulation.network.heal(linksOf(simulation, cut))
      this.faults.push({ ...cut, toMs: nowMs })
    }
    const stillThere = new Set(this.#atCuts())
    for (const scheduled of waiting) if (!stillThere.has(scheduled)) this.#note(scheduled, scheduled.timeUs)
  }

  stabilise(): void {
    if (this.cuts.length > 0) this.heal()
    for (const host of [...this.pauses.keys()]) this.resume(host)
    this.instant()
    this.faults.push({ kind: 'stabilise', atMs: this.nowMs })
    this.#stabilise(this.simulation.timeline.nowUs)
  }

  #stabiliseBy(timeUs: number): void {
    const stabilisationUs = Math.round(this.plan.stabilisationMs * 1000)
    if (timeUs >= stabilisationUs) this.#stabilise(stabilisationUs)
  }

  #stabilise(atUs: number): void {
    if (this.simulation.network.isStable) return
    this.stableUs = atUs
    this.simulation.network.stabilise()
    this.simulation.quiescence.disturb(atUs)
  }

  /** Several things come at a moment, those after the others whose order in a run of the plan would be another one. */
  #moveAll(several: readonly Scheduled[], timeUs: number): void {
    for (const scheduled of several) if (!this.#isMadeByHand(scheduled)) this.#move(scheduled, timeUs)
    for (const scheduled of several) if (this.#isMadeByHand(scheduled)) this.#move(scheduled, this.#freeUs(timeUs))
  }

  #isMadeByHand(scheduled: Scheduled): boolean {
    return scheduled.kind === 'operation' || this.copies.includes(scheduled)
  }

  #move(scheduled: Scheduled, timeUs: number): void {
    const { timeUs: dueUs } = scheduled
    this.simulation.timeline.move(scheduled, timeUs)
    if (scheduled.kind === 'operation') this.clients.move(scheduled.to, timeUs)
    else this.#note(scheduled, dueUs)
  }

  #note(scheduled: Scheduled, dueUs: number): void {
    const name = this.nameOf(scheduled)
    if (!this.copies.includes(scheduled) && !this.moved.has(name)) this.moved.set(name, { scheduled, dueUs })
  }

  /** A moment from then on in which nothing else is due, so that no order among equals matters. */
  #freeUs(fromUs: number): number {
    const taken = new Set(this.upcoming().map(({ timeUs }) => timeUs))
    let us = fromUs
    while (taken.has(us)) us++
    return us
  }
}
