import type { Member } from '../members'
import type { Wires } from '../system-links'
import type { Recorder } from './recorder'

/** Messages held back in a turn of the event loop. */
const LIMIT_HELD = 1_000

/**
 * The wires of a system that is recorded. Messages leave when the turn of the event loop ends in which they were sent, and all that was observed until
 * then is on record: so others know nothing of us that our file does not have. One write to the file serves all messages of a turn.
 */
export class RecordedWires implements Wires {
  readonly marked: boolean
  readonly #wires: Wires
  readonly #recorder: Recorder
  #held: { readonly member: Member; readonly body: Uint8Array }[] = []

  constructor(wires: Wires, recorder: Recorder) {
    this.marked = wires.marked
    this.#wires = wires
    this.#recorder = recorder
  }

  isOurs(member: Member): boolean {
    return this.#wires.isOurs(member)
  }

  send(member: Member, body: Uint8Array): void {
    if (this.#held.push({ member, body }) === 1) process.nextTick(() => this.release())
    else if (this.#held.length === LIMIT_HELD) this.release()
  }

  /** What was sent leaves now. */
  release(): void {
    this.#recorder.flush()
    const held = this.#held
    this.#held = []
    for (const { member, body } of held) this.#wires.send(member, body)
  }
}
