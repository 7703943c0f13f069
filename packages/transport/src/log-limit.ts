export type LogLevel = 'debug' | 'info' | 'warn'
export type Log = (level: LogLevel, message: string, details?: object) => void

const WINDOW_MS = 5_000
const LINES_A_WINDOW = 10

/** Passes at most 10 lines of one message in 5 s; the next one that passes tells in `suppressed` how many did not. Messages are a fixed set: what varies is in `details`. */
export function limitLog(log: Log): Log {
  const windows = new Map<string, { since: number; lines: number; suppressed: number }>()
  return (level, message, details) => {
    const now = Date.now()
    let window = windows.get(message)
    if (window === undefined) {
      window = { since: now, lines: 0, suppressed: 0 }
      windows.set(message, window)
    }
    if (now - window.since >= WINDOW_MS) {
      window.since = now
      window.lines = 0
    }
    if (++window.lines > LINES_A_WINDOW) {
      window.suppressed++
      return
    }
    const { suppressed } = window
    window.suppressed = 0
    if (suppressed > 0) log(level, message, { ...details, suppressed })
    else log(level, message, details)
  }
}
