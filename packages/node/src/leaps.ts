import { type AbstractionId, consensusPath, registerPath } from '@upon/protocol'
import { HIGHEST_TIMESTAMP, MeaningError, type WireMessage } from './wire'

/** By how much one message may raise the timestamp of a register. */
export const LIMIT_LEAP = 2 ** 26
/** And at least that of a topic. */
export const LIMIT_LEAP_OF_TOPIC = 2 ** 24
/** A topic's epochs may leap by so many rounds of all ranks, but not to the end of all timestamps. */
const ROUNDS_A_LEAP = 2 ** 10
const HIGHEST_LEAP_OF_TOPIC = 2 ** 28

/** The timestamp that a message carries; 0 if none. */
export function timestampOf(message: WireMessage): number {
  if ('ts' in message) return message.ts
  return 'valts' in message ? message.valts : 0
}

/** A step on the way to a timestamp: where it is sent no algorithm listens, so that it says that and no more. */
export function stepTo({ kind, index = '' }: AbstractionId, ts: number): { readonly path: string; readonly message: WireMessage } {
  if (kind === 'uc') return { path: `${consensusPath(index)}.ec.pl`, message: { kind: 'NEWEPOCH', ts } }
  return { path: `${registerPath(index)}.beb.pl`, message: { kind: 'VALUE', rid: 0, ts, wr: 0, val: undefined } }
}

export const isStep = ({ within }: AbstractionId, { kind }: WireMessage): boolean =>
  (kind === 'NEWEPOCH' && within === 'ec.pl') || (kind === 'VALUE' && within === 'beb.pl')

/** How far the epochs of a system may leap, whose highest rank this is: they grow by up to one more than that at a time. */
export const leapOfTopics = (highestRank: number): number =>
  Math.min(Math.max(LIMIT_LEAP_OF_TOPIC, ROUNDS_A_LEAP * (highestRank + 1)), HIGHEST_LEAP_OF_TOPIC)

/**
 * The timestamps of one kind of name. One wrong message must not bring a name near the end of all timestamps, where nobody could go on. So what comes
 * may be above all that came before by a limited leap only. No honest process ever goes so far at once: a leap stands for days of operations without
 * a pause. Should one have been led so far by somebody's wrong message, it tells those that have not heard of it of the way there first,
 * in steps that they take: so whatever we send can be received.
 */
export class Leaps {
  /** The highest timestamps that came, of the few names where they are above one leap. */
  readonly #seen = new Map<string, number>()
  /** The highest that we sent, for each process and name, likewise. */
  readonly #sent = new Map<string, Map<string, number>>()

  constructor(readonly limit: number) {}

  /** Notes what has come for a name. Throws `MeaningError` if it leaps. */
  take(name: string, timestamp: number): void {
    if (timestamp <= this.limit) return
    const seen = this.#seen.get(name) ?? this.limit
    if (timestamp <= seen) return
    if (timestamp > seen + this.limit)
      throw new MeaningError(`the timestamp ${timestamp} leaps: it may be at most ${this.limit} above those before it`)
    this.#seen.set(name, timestamp)
  }

  /** The steps by which process `p` must learn of a timestamp that is about to be sent to it. None unless the timestamp leaps. */
  stepsTo(p: string, name: string, timestamp: number): readonly number[] {
    if (timestamp <= this.limit) return []
    let sent = this.#sent.get(p)
    if (sent === undefined) {
      sent = new Map()
      this.#sent.set(p, sent)
    }
    let at = sent.get(name) ?? this.limit
    if (timestamp <= at) return []
    sent.set(name, timestamp)
    const steps: number[] = []
    while (timestamp > at + this.limit && at + this.limit <= HIGHEST_TIMESTAMP) {
      at += this.limit
      steps.push(at)
    }
    return steps
  }
}

/** The leaps of a system's registers and topics. */
export class SystemLeaps {
  readonly #registers = new Leaps(LIMIT_LEAP)
  readonly #topics: Leaps

  constructor(highestRank: number) {
    this.#topics = new Leaps(leapOfTopics(highestRank))
  }

  of({ kind }: AbstractionId): Leaps {
    return kind === 'uc' ? this.#topics : this.#registers
  }
}
