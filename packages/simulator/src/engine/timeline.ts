import { Agenda } from './agenda'
import type { Coming } from './coming'
import type { Quiet } from './quiet'

/** Messages come after all else that is due at the same moment, so that a recorded schedule can be replayed exactly. */
const BEFORE_MESSAGES = -(2 ** 30)

/** All that will happen, by when, and the clock. */
export class Timeline {
  readonly quiet: Quiet
  nowUs = 0
  readonly #agenda = new Agenda<Coming>()
  #order = 0

  constructor(quiet: Quiet) {
    this.quiet = quiet
  }

  nowMs(): number {
    return this.nowUs / 1000
  }

  /** When the next thing happens, if nothing comes before it. */
  get nextUs(): number {
    return this.#agenda.first?.timeUs ?? Number.POSITIVE_INFINITY
  }

  /** Takes what happens next, and comes to its moment. */
  take(): Coming | undefined {
    const next = this.#agenda.take()
    if (next !== undefined && next.timeUs > this.nowUs) this.nowUs = next.timeUs
    return next
  }

  /** Something is under way from now on. */
  begin(coming: Coming): void {
    const isMessage = coming.kind === 'message' || coming.kind === 'repeat'
    coming.order = ++this.#order + (isMessage ? 0 : BEFORE_MESSAGES)
    if (!coming.isBackground) this.quiet.work++
  }

  /** Something that is under way comes at a moment. */
  place(coming: Coming, timeUs: number): void {
    coming.timeUs = timeUs
    this.#agenda.add(coming)
  }

  /** Takes something back, or counts it as handled. */
  forget(coming: Coming): void {
    if (coming.state === 'done') return
    coming.state = 'done'
    if (!coming.isBackground) this.quiet.work--
  }

  [Symbol.iterator](): Iterator<Coming> {
    return this.#agenda[Symbol.iterator]()
  }
}
