import { Agenda } from './agenda'
import type { Quiescence } from './quiescence'
import type { Scheduled } from './scheduled'

/** Messages come after all else that is due at the same moment, so that a recorded schedule can be replayed exactly. */
const BEFORE_MESSAGES = -(2 ** 30)

/** All that will happen, by when, and the clock. */
export class Timeline {
  readonly quiescence: Quiescence
  nowUs = 0
  readonly #agenda = new Agenda<Scheduled>()
  #order = 0

  constructor(quiescence: Quiescence) {
    this.quiescence = quiescence
  }

  nowMs(): number {
    return this.nowUs / 1000
  }

  /** When the next thing happens, if nothing comes before it. */
  get nextUs(): number {
    return this.#agenda.first?.timeUs ?? Number.POSITIVE_INFINITY
  }

  /** Takes what happens next, and comes to its moment. */
  take(): Scheduled | undefined {
    const next = this.#agenda.take()
    if (next !== undefined && next.timeUs > this.nowUs) this.nowUs = next.timeUs
    return next
  }

  /** Something is under way from now on. */
  begin(scheduled: Scheduled): void {
    const isMessage = scheduled.kind === 'message' || scheduled.kind === 'repeat'
    scheduled.order = ++this.#order + (isMessage ? 0 : BEFORE_MESSAGES)
    if (!scheduled.isBackground) this.quiescence.work++
  }

  /** Something that is under way comes at a moment. */
  place(scheduled: Scheduled, timeUs: number): void {
    scheduled.timeUs = timeUs
    this.#agenda.add(scheduled)
  }

  /** Takes something back, or counts it as handled. */
  forget(scheduled: Scheduled): void {
    if (scheduled.state === 'done') return
    scheduled.state = 'done'
    if (!scheduled.isBackground) this.quiescence.work--
  }

  [Symbol.iterator](): Iterator<Scheduled> {
    return this.#agenda[Symbol.iterator]()
  }
}
