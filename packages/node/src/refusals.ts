import type { Log } from './log'

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

const LINES = 5
const WINDOW_MS = 5_000

interface Episode {
  lines: number
  unsaid: number
  last: string
}

/**
 * Counts and logs what is refused. Of one reason the first 5 are logged, each with what was wrong; then, for as long as they keep
 * coming, one line each 5 s tells how many there were. An episode ends with 5 s in which there was none.
 */
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
  readonly #episodes = new Map<keyof Refusals, Episode>()
  readonly #timers = new Set<NodeJS.Timeout>()

  constructor(readonly log: Log) {}

  /** Refuses `count` messages for one reason. */
  refuse(reason: keyof Refusals, message: string, details: object, count = 1): void {
    this.counts[reason] += count
    const episode = this.#episodes.get(reason) ?? this.#begin(reason)
    if (episode.lines < LINES) {
      episode.lines++
      this.log.warn({ reason, ...details }, message)
    } else {
      episode.unsaid += count
      episode.last = message
    }
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer)
  }

  #begin(reason: keyof Refusals): Episode {
    const episode: Episode = { lines: 0, unsaid: 0, last: '' }
    this.#episodes.set(reason, episode)
    const timer = setInterval(() => {
      const { unsaid, last } = episode
      episode.unsaid = 0
      if (unsaid > 0) this.log.warn({ reason, count: unsaid }, `${unsaid} more refused in ${WINDOW_MS / 1000} s, the last one: ${last}`)
      else {
        clearInterval(timer)
        this.#timers.delete(timer)
        this.#episodes.delete(reason)
      }
    }, WINDOW_MS).unref()
    this.#timers.add(timer)
    return episode
  }
}

/** The beginning of a text that others chose, for the log. */
export const clip = (text: string) => (text.length > 100 ? `${text.slice(0, 100)}... (${text.length} characters)` : text)
