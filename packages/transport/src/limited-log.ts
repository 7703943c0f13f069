export type LogLevel = 'debug' | 'info' | 'warn'
export type Log<Level extends string = LogLevel> = (level: Level, message: string, details?: object) => void

const WINDOW_MS = 5_000
const LINES_PER_SUBJECT = 10
const LINES_PER_KIND = 50

/** What a line is about. */
export interface LineSort {
  /** One of a fixed set: each kind has room for lines of its own. */
  readonly kind: string
  /** Anything that others may choose, such as the name of a sender: one that floods does not hide the others. */
  readonly subject?: string
  /** How many events the line stands for; by default 1. */
  readonly count?: number
  /** By default 50. */
  readonly linesPerKind?: number
}

interface Subject {
  lines: number
  leftOut: number
}

interface Kind<Level> {
  readonly level: Level
  lines: number
  leftOut: number
  readonly subjects: Map<string, Subject>
}

/**
 * A log for events that others can cause as often as they like. In 5 s it writes at most 10 lines of one kind about one subject, and 50 of one
 * kind; then one line every 5 s says how many were left out. A subject has room again after 5 s in which nothing of it was left out.
 * A log that throws harms nobody: its errors are counted.
 */
export class LimitedLog<Level extends string = LogLevel> {
  /** How many lines were left out since the beginning. */
  suppressed = 0
  /** How often the log threw. */
  failures = 0
  readonly #log: Log<Level>
  readonly #kinds = new Map<string, Kind<Level>>()
  #timer: NodeJS.Timeout | undefined

  constructor(log: Log<Level>) {
    this.#log = log
  }

  /** Writes a line whose kind is its message: what varies is in `details`. */
  readonly say: Log<Level> = (level, message, details) => {
    this.line(level, { kind: message }, message, details)
  }

  /** Writes a line if there is room for it, and says whether there was; a function that makes its text is called only then. */
  line(level: Level, sort: LineSort, message: string | (() => string), details?: object): boolean {
    if (!this.allows(level, sort)) return false
    this.#write(level, typeof message === 'string' ? message : message(), details)
    return true
  }

  /** Takes the room for a line that is shown elsewhere, or counts it as left out. */
  allows(level: Level, { kind: name, subject = '', count = 1, linesPerKind = LINES_PER_KIND }: LineSort): boolean {
    const kind = this.#kinds.get(name) ?? this.#begin(name, level)
    let about = kind.subjects.get(subject)
    if (about === undefined && kind.lines < linesPerKind) {
      about = { lines: 0, leftOut: 0 }
      kind.subjects.set(subject, about)
    }
    if (about !== undefined && about.lines < LINES_PER_SUBJECT && kind.lines < linesPerKind) {
      kind.lines++
      about.lines++
      return true
    }
    if (about !== undefined) about.leftOut += count
    kind.leftOut += count
    this.suppressed += count
    return false
  }

  /** Counts a line as left out if there is no room for it: for callers to whom finding out what to say is the cost. */
  leavesOut(level: Level, sort: LineSort): boolean {
    const kind = this.#kinds.get(sort.kind)
    if (kind === undefined) return false
    const lines = kind.subjects.get(sort.subject ?? '')?.lines ?? 0
    if (kind.lines < (sort.linesPerKind ?? LINES_PER_KIND) && lines < LINES_PER_SUBJECT) return false
    return !this.allows(level, sort)
  }

  /** Says what was left out, and starts to count again. */
  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const [name, kind] of this.#kinds) this.#sum(name, kind)
    this.#kinds.clear()
  }

  #begin(name: string, level: Level): Kind<Level> {
    const kind: Kind<Level> = { level, lines: 0, leftOut: 0, subjects: new Map() }
    this.#kinds.set(name, kind)
    this.#timer ??= setTimeout(() => this.#endWindow(), WINDOW_MS).unref()
    return kind
  }

  /** Subjects that still flood stay silent; all others have room again. */
  #endWindow(): void {
    for (const [name, kind] of this.#kinds) {
      this.#sum(name, kind)
      kind.lines = 0
      for (const [subject, about] of kind.subjects) {
        if (about.leftOut === 0) kind.subjects.delete(subject)
        about.leftOut = 0
      }
      if (kind.subjects.size === 0) this.#kinds.delete(name)
    }
    this.#timer = this.#kinds.size === 0 ? undefined : setTimeout(() => this.#endWindow(), WINDOW_MS).unref()
  }

  #sum(kind: string, found: Kind<Level>): void {
    const { level, leftOut: count } = found
    if (count > 0) this.#write(level, `${count} more lines like this were left out in ${WINDOW_MS / 1000} s: ${kind}`, { kind, count })
    found.leftOut = 0
  }

  #write(level: Level, message: string, details: object | undefined): void {
    try {
      this.#log(level, message, details)
    } catch {
      this.failures++
    }
  }
}
