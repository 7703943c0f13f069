import type { ProcessId } from '@upon/contract'
import { type Delay, delaysOf } from '../plan/delay'
import type { Fate, Plan } from '../plan/plan'
import { combine } from '../plan/random'
import { copyOf } from './copy'
import type { LinkQueues } from './link-queues'
import { Links } from './links'
import { Loss } from './loss'
import type { Paths } from './paths'
import type { Recorder } from './recorder'
import { nameOf, type Path, Scheduled } from './scheduled'
import type { Timeline } from './timeline'

/** Carries messages between processes, delayed, lost and repeated as the plan says. Processes are numbered by rank, from 0. */
export class Network {
  readonly links: Links
  readonly loss: Loss
  /** The delay of each message, in ms, when they are recorded. */
  readonly delaysMs: Record<string, number> | undefined
  isStable: boolean

  readonly #n: number
  readonly #delay: Delay
  readonly #boundUs: number
  readonly #stabilisationUs: number
  readonly #stepUs: number
  /** Until it is released: what waits for its turn under priorities. */
  #queues: LinkQueues | undefined
  /** What the plan says of single messages, by their names. */
  readonly #fates: ReadonlyMap<string, readonly Fate[]> | undefined

  constructor(
    readonly plan: Plan,
    readonly timeline: Timeline,
    readonly paths: Paths,
    readonly recorder: Recorder,
    recordsDelays: boolean,
  ) {
    const { schedule, processes } = plan
    this.#n = processes.length
    this.#boundUs = Math.max(1, Math.round(plan.boundMs * 1000))
    this.#stabilisationUs = Math.round(plan.stabilisationMs * 1000)
    this.#delay = delaysOf(schedule, this.#boundUs)
    this.#stepUs = schedule.kind === 'priorities' ? Math.max(1, Math.round(schedule.stepMs * 1000)) : 0
    this.links = new Links(this.#n)
    if (schedule.kind === 'priorities' && plan.deviations === undefined)
      this.#queues = this.links.prioritise(schedule.seed, schedule.changes, this.#stabilisationUs === 0)
    this.loss = new Loss()
    this.delaysMs = recordsDelays ? {} : undefined
    this.isStable = this.#stabilisationUs === 0
    this.#fates = fatesIn(plan)
  }

  /** Sends a message. */
  send(from: number, to: number, text: string, message: unknown, links: 'perfect' | 'fair-loss'): void {
    const path = this.paths.of(text)
    const link = from * this.#n + to
    const count = (path.counts[link] ?? 0) + 1
    path.counts[link] = count
    const scheduled = new Scheduled('message', to, path.isBackground, from, path, message, links === 'fair-loss', undefined)
    scheduled.count = count
    scheduled.sentUs = this.timeline.nowUs
    scheduled.sentEntry = this.recorder.sendingAt(from, text)
    if (this.#fates !== undefined) this.#carryToItsFate(scheduled, link, this.#fates)
    else if (scheduled.isLossy) this.#carryUnreliably(scheduled, link)
    else this.#carry(scheduled, link)
  }

  /** Carries a message of which the plan may say what becomes of it. */
  #carryToItsFate(scheduled: Scheduled, link: number, all: ReadonlyMap<string, readonly Fate[]>): void {
    const links = scheduled.isLossy ? 'fair-loss' : 'perfect'
    const fates = (all.get(nameOf(scheduled, this.plan.processes)) ?? []).filter((fate) => fate.links === links)
    if (scheduled.isLossy) this.#carryUnreliably(scheduled, link)
    else this.#carry(scheduled, link)
    for (const [i, { is, afterMs = 0 }] of fates.entries()) {
      const timeUs = scheduled.sentUs + Math.round(afterMs * 1000)
      if (is === 'repeated') this.timeline.place(this.repeat(scheduled, i + 2), timeUs)
      if (scheduled.state === 'done') continue
      if (is === 'late') this.timeline.move(scheduled, timeUs)
      if (is !== 'lost') continue
      this.#lose(scheduled)
    }
  }

  /** Records what becomes of a message. */
  tell(type: 'loss' | 'duplicate', scheduled: Scheduled): void {
    const { timeline, plan, recorder } = this
    const from = plan.processes[scheduled.from] as ProcessId
    recorder.ofMessage(type, timeline.nowMs(), { from, detail: nameOf(scheduled, plan.processes), sentEntry: scheduled.sentEntry })
  }

  /** Another copy of a message is under way. */
  repeat({ to, isBackground, from, path, message, isLossy, count, sentUs, sentEntry }: Scheduled, number = 1): Scheduled {
    const again = new Scheduled('repeat', to, isBackground, from, path, copyOf(message), isLossy, undefined)
    Object.assign(again, { count, number, sentUs, sentEntry })
    this.timeline.begin(again)
    return again
  }

  #carry(scheduled: Scheduled, link: number): void {
    const { timeline, plan } = this
    timeline.begin(scheduled)
    if (this.#queues !== undefined) {
      this.#queues.enqueue(link, scheduled)
      return
    }
    const { path, count } = scheduled
    const plannedMs = plan.deviations?.[nameOf(scheduled, plan.processes)]
    const drawnUs = plannedMs === undefined ? this.#delay((path as Path).hash, link, count) : Math.round(plannedMs * 1000)
    const { nowUs } = timeline
    const latestUs = (this.isStable ? nowUs : Math.max(nowUs, this.#stabilisationUs)) + this.#boundUs
    const timeUs = Math.min(nowUs + drawnUs, latestUs)
    this.#note(scheduled, timeUs - nowUs)
    timeline.place(scheduled, timeUs)
  }

  #carryUnreliably(scheduled: Scheduled, link: number): void {
    const { path, count } = scheduled
    const bits = combine(combine((path as Path).hash ^ this.plan.seed, link), count)
    const fate = this.loss.fateOf(link, bits)
    if (fate === 'lost') {
      this.tell('loss', scheduled)
      return
    }
    this.#carry(scheduled, link)
    if (fate === 'once') return
    this.tell('duplicate', scheduled)
    const again = this.repeat(scheduled)
    if (this.#fates?.get(nameOf(again, this.plan.processes))?.some(({ is }) => is === 'lost')) {
      this.timeline.forget(again)
      return
    }
    const plannedMs = this.plan.deviations?.[nameOf(again, this.plan.processes)]
    this.timeline.place(
      again,
      plannedMs === undefined ? scheduled.timeUs + 1 + (bits % (2 * this.#boundUs)) : scheduled.sentUs + Math.round(plannedMs * 1000),
    )
  }

  /** Whether a cut stops a message that would arrive now: then it waits there, or is lost. */
  stops(scheduled: Scheduled): boolean {
    const link = scheduled.from * this.#n + scheduled.to
    if (!this.links.isCut(link)) return false
    if (scheduled.isLossy) this.#lose(scheduled)
    else this.links.waitAtCut(link, scheduled)
    return true
  }

  /** Under priorities: the message whose turn it is, if that comes before anything else. */
  turn(): Scheduled | undefined {
    const queues = this.#queues
    if (queues === undefined || queues.waiting === 0) return undefined
    const { timeline } = this
    const latestUs = this.isStable ? queues.oldestUs + this.#boundUs : Number.POSITIVE_INFINITY
    const timeUs = Math.min(latestUs, timeline.nowUs + this.#stepUs)
    if (timeline.nextUs <= timeUs) return undefined
    const turn = timeUs === latestUs ? queues.takeOldest() : queues.take()
    if (turn === undefined) return undefined
    timeline.nowUs = timeUs
    this.#note(turn, timeUs - turn.sentUs)
    return turn
  }

  heal(links: readonly number[]): void {
    for (const scheduled of this.links.heal(links)) this.timeline.place(scheduled, this.#soon(scheduled, 0x4ea1))
  }

  /** From now on delays are bounded, also those of messages under way. */
  stabilise(): void {
    this.isStable = true
    const waiting = this.#queues?.release() ?? []
    this.#queues = undefined
    for (const scheduled of waiting) {
      const timeUs = this.#soon(scheduled, 0x57ab)
      this.#note(scheduled, timeUs - scheduled.sentUs)
      this.timeline.place(scheduled, timeUs)
    }
  }

  /** Loses this percentage of the messages under way from a process. */
  lose(from: number, percent: number): void {
    if (percent === 0) return
    const isLost = ({ kind, from: sender, order }: Scheduled) =>
      (kind === 'message' || kind === 'repeat') && sender === from && combine(order >>> 0, 0xdead) % 100 < percent
    for (const scheduled of [...this.timeline, ...this.links])
      if (isLost(scheduled) && scheduled.state === 'scheduled') this.#lose(scheduled)
  }

  #lose(scheduled: Scheduled): void {
    this.tell('loss', scheduled)
    this.timeline.forget(scheduled)
  }

  #soon(scheduled: Scheduled, salt: number): number {
    return this.timeline.nowUs + 1 + (combine(scheduled.order >>> 0, salt) % this.#boundUs)
  }

  #note(scheduled: Scheduled, delayUs: number): void {
    if (this.delaysMs !== undefined && scheduled.kind === 'message') this.delaysMs[nameOf(scheduled, this.plan.processes)] = delayUs / 1000
  }
}

function fatesIn({ faults }: Plan): ReadonlyMap<string, readonly Fate[]> | undefined {
  const fates = faults.filter((fault) => fault.kind === 'fate')
  if (fates.length === 0) return undefined
  const all = new Map<string, Fate[]>()
  for (const fate of fates) all.set(fate.message, [...(all.get(fate.message) ?? []), fate])
  return all
}
