import { Agenda } from './agenda'
import type { Quiescence } from './quiescence'
import type { Scheduled } from './scheduled'

/** At the same moment messages come last, so that a recorded schedule can be replayed exactly. */
const BEFORE_MESSAGES = -(2 ** 30)

/** Everything that is scheduled, by time, and the clock. */
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

  /** When the next scheduled event happens. */
  get nextUs(): number {
    return this.#agenda.first?.timeUs ?? Number.POSITIVE_INFINITY
  }

  /** Takes the next event, and moves the clock to its time. */
  take(): Scheduled | undefined {
    const next = this.#agenda.take()
    if (next !== undefined && next.timeUs > this.nowUs) this.nowUs = next.timeUs
    return next
  }

  /** From now on an event is under way. */
  begin(scheduled: Scheduled): void {
    const isMessage = scheduled.kind === 'message' || scheduled.kind === 'repeat'
    scheduled.order = ++this.#order + (isMessage ? 0 : BEFORE_MESSAGES)
    if (!scheduled.isBackground) this.quiescence.work++
  }

  /** Puts an event that is under way at a moment. */
  place(scheduled: Scheduled, timeUs: number): void {
    scheduled.timeUs = timeUs
    this.#agenda.add(scheduled)
  }

  /** Cancels an event, or counts it as handled. */
  forget(scheduled: Scheduled): void {
    if (scheduled.state === 'done') return
    scheduled.state = 'done'
    if (!scheduled.isBackground) this.quiescence.work--
  }

  /** Something that is under way comes at another moment than it would have. For those who act by hand. */
  move(scheduled: Scheduled, timeUs: number): void {
    this.#agenda.remove(scheduled)
    this.place(scheduled, timeUs)
  }

  /** What comes next, left where it is. */
  get first(): Scheduled | undefined {
    while (this.#agenda.first?.state === 'done') this.#agenda.take()
    return this.#agenda.first
  }

  [Symbol.iterator](): Iterator<Scheduled> {
    return this.#agenda[Symbol.iterator]()
  }
}
