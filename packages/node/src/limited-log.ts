import type { Log } from './log'

const LINES = 5
const WINDOW_MS = 5_000

interface Episode {
  lines: number
  unsaid: number
  last: string
}

/**
 * Logs what others can make happen as often as they like. Of one subject the first 5 are logged; then, for as long as they keep coming, one line
 * each 5 s tells how many there were. An episode ends with 5 s in which there was none.
 */
export class LimitedLog {
  readonly #episodes = new Map<string, Episode>()
  readonly #timers = new Set<NodeJS.Timeout>()

  /** @param lines of one subject, before the rest are only counted */
  constructor(
    readonly log: Log,
    readonly lines = LINES,
  ) {}

  /** Logs what stands for `count` happenings of a subject. Subjects are a fixed set. */
  say(level: 'info' | 'warn' | 'error', subject: string, message: string, details: object, count = 1): void {
    const episode = this.#episodes.get(subject) ?? this.#begin(level, subject)
    if (episode.lines < this.lines) {
      episode.lines++
      this.log[level](details, message)
    } else {
      episode.unsaid += count
      episode.last = message
    }
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer)
  }

  #begin(level: 'info' | 'warn' | 'error', subject: string): Episode {
    const episode: Episode = { lines: 0, unsaid: 0, last: '' }
    this.#episodes.set(subject, episode)
    const timer = setInterval(() => {
      const { unsaid, last } = episode
      episode.unsaid = 0
      if (unsaid > 0)
        this.log[level]({ reason: subject, count: unsaid }, `${unsaid} more: ${subject}, in ${WINDOW_MS / 1000} s; the last one: ${last}`)
      else {
        clearInterval(timer)
        this.#timers.delete(timer)
        this.#episodes.delete(subject)
      }
    }, WINDOW_MS).unref()
    this.#timers.add(timer)
    return episode
  }
}
