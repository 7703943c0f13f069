import type { Log, LogLevel } from './events'

const WINDOW_MS = 5_000
const LINES_OF_A_SUBJECT = 10
const LINES_OF_A_KIND = 50

interface Window {
  lines: number
  left: number
}

interface Kind extends Window {
  readonly level: LogLevel
  readonly subjects: Map<string, Window>
}

/**
 * Lines about what others do unasked, so that nobody fills a log or a screen: in 5 s at most 10 of a kind about one subject, and 50 of a kind; then a line
 * tells how many more there were. Kinds are a fixed set; a subject may be anything that others say.
 */
export class LimitedLog {
  readonly #kinds = new Map<string, Kind>()
  #timer: NodeJS.Timeout | undefined
  /** Lines that were left out, since the beginning. */
  suppressed = 0

  constructor(private readonly log: Log) {}

  /** Says a line if there is room for it; `text` is called only then. Returns whether there was. */
  say(level: LogLevel, kind: string, subject: string, text: () => string): boolean {
    if (!this.allows(level, kind, subject)) return false
    this.log(level, text())
    return true
  }

  /** Counts a line that is left out, if there is no room for it: for those who would have to find out what to say. */
  leavesOut(level: LogLevel, name: string, subject: string): boolean {
    const kind = this.#kinds.get(name)
    if (kind === undefined || (kind.lines < LINES_OF_A_KIND && (kind.subjects.get(subject)?.lines ?? 0) < LINES_OF_A_SUBJECT)) return false
    return !this.allows(level, name, subject)
  }

  /** As `say`, for what is shown elsewhere. */
  allows(level: LogLevel, name: string, subject: string, linesOfKind = LINES_OF_A_KIND): boolean {
    const kind = this.#kinds.get(name) ?? this.#begin(name, level)
    const window = kind.lines < linesOfKind ? (kind.subjects.get(subject) ?? { lines: 0, left: 0 }) : undefined
    if (window === undefined || window.lines >= LINES_OF_A_SUBJECT) {
      kind.left += 1
      this.suppressed += 1
      return false
    }
    kind.lines += 1
    window.lines += 1
    kind.subjects.set(subject, window)
    return true
  }

  /** Ends all windows, and says what they left out. */
  close(): void {
    clearTimeout(this.#timer)
    this.#sum()
  }

  #begin(name: string, level: LogLevel): Kind {
    const kind = { level, lines: 0, left: 0, subjects: new Map() }
    this.#kinds.set(name, kind)
    this.#timer ??= setTimeout(() => this.#sum(), WINDOW_MS).unref()
    return kind
  }

  #sum(): void {
    this.#timer = undefined
    for (const [name, { level, left }] of this.#kinds) {
      if (left > 0) this.log(level, `${left} more lines like this were left out in ${WINDOW_MS / 1000} s: ${name}`)
    }
    this.#kinds.clear()
  }
}
