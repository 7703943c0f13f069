import type { LimitedLog } from '@upon/transport'
import type { LimitedLevel } from './log'

/** What a node could not use, by reason. Each was logged, too. */
export interface Refusals {
  /** Not a message of the protocol. */
  malformed: number
  /** No such abstraction, a message that it does not take, a number out of range, or a second proposal. */
  meaningless: number
  /** From a process that is not in the system, or one that only the hub may send. */
  unauthorised: number
  unknownSystem: number
  badMembership: number
  /** One more than we take of something: see limits.ts. */
  overLimit: number
  /** Systems that ended because a handler threw. */
  crashes: number
}

/** A flood ends after so long in which the log left nothing out. */
const FLOOD_MS = 5_000

/** Counts and logs what is refused: all of it is counted, and of a flood the log has a few lines, and how many there were. */
export class RefusalLog {
  readonly counts: Refusals = {
    malformed: 0,
    meaningless: 0,
    unauthorised: 0,
    unknownSystem: 0,
    badMembership: 0,
    overLimit: 0,
    crashes: 0,
  }

  constructor(readonly log: LimitedLog<LimitedLevel>) {}

  #leftOutAtMs = Number.NEGATIVE_INFINITY

  /** Whether so much is refused that the log leaves lines out. */
  get isFlooded(): boolean {
    return performance.now() - this.#leftOutAtMs < FLOOD_MS
  }

  /** Refuses a message if the log has no room for a line about it: for what would have to be decoded to say more. Says whether it did. */
  leavesOut(reason: keyof Refusals): boolean {
    if (!this.log.leavesOut('warn', { kind: reason })) return false
    this.counts[reason]++
    this.#leftOutAtMs = performance.now()
    return true
  }

  /** Refuses `count` messages for one reason. */
  refuse(reason: keyof Refusals, message: string, details: object, count = 1): void {
    this.counts[reason] += count
    if (!this.log.line('warn', { kind: reason, count }, message, { reason, ...details })) this.#leftOutAtMs = performance.now()
  }
}
