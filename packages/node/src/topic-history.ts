import type { ProcessId } from '@upon/contract'
import type { Value } from './app'
import type { Members } from './members'
import { MeaningError, type WireMessage } from './wire'

/** How many epochs of a topic are remembered, the latest ones. */
const LIMIT_EPOCHS = 16

interface Epoch {
  readonly ts: number
  /** None if two processes have announced it: what is written there shows nothing. */
  leader: ProcessId | undefined
  written: Value
}

type State = Extract<WireMessage, { kind: 'STATE' }>

const contradicts = ({ written }: Epoch, val: Value) => written !== undefined && written !== val

/**
 * What we have heard of each topic: which epochs were announced, what their leaders wrote, what was decided. A faulty process says things
 * that contradict it, and correct ones never do: they have no other value decided or written than what is decided; a leader writes one value in
 * its epoch; and the state that a process tells the leader of an epoch is of an epoch before that, and has the value that was written there.
 */
export class TopicHistory {
  readonly #decided = new Map<string, Value>()
  /** Latest first. */
  readonly #epochs = new Map<string, Epoch[]>()

  constructor(
    readonly members: Pick<Members, 'first' | 'self'>,
    readonly refuse: (message: string) => void,
  ) {}

  announced(topic: string, ts: number, leader: ProcessId): void {
    if (this.#decided.has(topic)) return
    const epochs = this.#of(topic)
    const at = epochs.findIndex((epoch) => epoch.ts <= ts)
    const epoch = epochs[at]
    if (epoch?.ts !== ts) {
      epochs.splice(at === -1 ? epochs.length : at, 0, { ts, leader, written: undefined })
      if (epochs.length > LIMIT_EPOCHS) epochs.pop()
    } else if (epoch.leader !== leader) {
      epoch.leader = undefined
      epoch.written = undefined
    }
  }

  /** What we have written as the leader of an epoch of ours. */
  wrote(topic: string, ts: number, val: Value): void {
    this.announced(topic, ts, this.members.self.id)
    this.#written(topic, ts, this.members.self.id, val)
  }

  decided(topic: string, val: Value): void {
    this.#decided.set(topic, val)
    this.#epochs.delete(topic)
  }

  /** What to make of a message of epoch `ts` from p. Throws `MeaningError` for one that would lead us away from what is decided or written. */
  heed(topic: string, ts: number, p: ProcessId, meant: WireMessage): WireMessage {
    if (!('val' in meant) || meant.val === undefined) return meant
    const decided = this.#decided.get(topic)
    if (decided !== undefined) {
      if (meant.val === decided) return meant
      if (meant.kind === 'STATE') return { kind: 'STATE', valts: 0, val: undefined }
      throw new MeaningError(`${meant.kind} of ${meant.val}, and ${decided} is decided`)
    }
    if (meant.kind === 'STATE') return this.#filed(topic, ts, meant)
    const epoch = this.#of(topic).find((each) => each.ts === ts)
    if (epoch?.leader === p && contradicts(epoch, meant.val))
      throw new MeaningError(`${meant.kind} of ${meant.val}, and its leader has written ${epoch.written} in epoch ${ts}`)
    if (meant.kind === 'WRITE') this.#written(topic, ts, p, meant.val)
    return meant
  }

  /**
   * A state as it is, if it can be; or else under the latest epoch in which its value can have been written: some implementations file the state of an
   * epoch that was aborted under the next one, where it would win over what was decided in between.
   */
  #filed(topic: string, ts: number, state: State): State {
    const epochs = this.#of(topic)
    const claimed = epochs.find((epoch) => epoch.ts === state.valts)
    const isLate = state.valts === ts && claimed?.written === state.val // we have written it here, and need no states any more
    if (isLate || (state.valts < ts && !(claimed && contradicts(claimed, state.val)))) return state
    const before = Math.min(ts, state.valts)
    const real = epochs.find((epoch) => epoch.ts < before && !contradicts(epoch, state.val))
    const taken = real === undefined ? 'it is taken for none' : `it is taken for one of epoch ${real.ts}`
    this.refuse(`a state of epoch ${state.valts} in epoch ${ts}, where no process has that: ${taken}`)
    return { kind: 'STATE', valts: real?.ts ?? 0, val: real && state.val }
  }

  #written(topic: string, ts: number, leader: ProcessId, val: Value): void {
    if (this.#decided.has(topic)) return
    const epoch = this.#of(topic).find((each) => each.ts === ts)
    if (epoch !== undefined && epoch.leader === leader) epoch.written ??= val
  }

  #of(topic: string): Epoch[] {
    let epochs = this.#epochs.get(topic)
    if (epochs === undefined) {
      epochs = [{ ts: 0, leader: this.members.first.id, written: undefined }]
      this.#epochs.set(topic, epochs)
    }
    return epochs
  }
}
