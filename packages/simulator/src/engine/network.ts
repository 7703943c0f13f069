import type { ProcessId } from '@upon/contract'
import { type Delay, delaysOf } from '../plan/delay'
import type { Plan } from '../plan/plan'
import { combine } from '../plan/random'
import { copyOf } from './copy'
import type { LinkQueues } from './link-queues'
import { Links } from './links'
import { Loss } from './loss'
import type { Paths } from './paths'
import type { Recorder } from './recorder'
import { type Path, Scheduled } from './scheduled'
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
    if (scheduled.isLossy) this.#carryUnreliably(scheduled, link)
    else this.#carry(scheduled, link)
  }

  #carry(scheduled: Scheduled, link: number): void {
    const { timeline, plan } = this
    timeline.begin(scheduled)
    if (this.#queues !== undefined) {
      this.#queues.enqueue(link, scheduled)
      return
    }
    const { path, count } = scheduled
    const chosenMs = plan.deviations?.[this.#nameOf(scheduled)]
    const drawnUs = chosenMs === undefined ? this.#delay((path as Path).hash, link, count) : Math.round(chosenMs * 1000)
    const { nowUs } = timeline
    const latestUs = Math.max(nowUs, this.#stabilisationUs) + this.#boundUs
    const timeUs = Math.min(nowUs + drawnUs, latestUs)
    this.#note(scheduled, timeUs - nowUs)
    timeline.place(scheduled, timeUs)
  }

  #carryUnreliably(scheduled: Scheduled, link: number): void {
    const { path, count, from, to, message, isBackground } = scheduled
    const bits = combine(combine((path as Path).hash ^ this.plan.seed, link), count)
    const fate = this.loss.fateOf(link, bits)
    const record = (type: 'loss' | 'duplicate') =>
      this.recorder.fault(type, this.timeline.nowMs(), this.plan.processes[from] as ProcessId, this.#nameOf(scheduled))
    if (fate === 'lost') {
      record('loss')
      return
    }
    this.#carry(scheduled, link)
    if (fate === 'once') return
    record('duplicate')
    const again = new Scheduled('repeat', to, isBackground, from, path, copyOf(message), true, undefined)
    Object.assign(again, { count, sentUs: scheduled.sentUs, sentEntry: scheduled.sentEntry })
    this.timeline.begin(again)
    this.timeline.place(again, scheduled.timeUs + 1 + (bits % (2 * this.#boundUs)))
  }

  /** Whether a cut stops a message that would arrive now: then it waits there, or is lost. */
  stops(scheduled: Scheduled): boolean {
    const link = scheduled.from * this.#n + scheduled.to
    if (!this.links.isCut(link)) return false
    if (scheduled.isLossy) this.timeline.forget(scheduled)
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
    for (const scheduled of this.timeline) if (isLost(scheduled)) this.timeline.forget(scheduled)
    for (const scheduled of this.links) if (isLost(scheduled)) this.timeline.forget(scheduled)
  }

  #soon(scheduled: Scheduled, salt: number): number {
    return this.timeline.nowUs + 1 + (combine(scheduled.order >>> 0, salt) % this.#boundUs)
  }

  #nameOf({ from, to, path, count }: Scheduled): string {
    const { processes } = this.plan
    return `${processes[from]}>${processes[to]} ${path?.text} ${count}`
  }

  #note(scheduled: Scheduled, delayUs: number): void {
    if (this.delaysMs !== undefined && scheduled.kind === 'message') this.delaysMs[this.#nameOf(scheduled)] = delayUs / 1000
  }
}
