import type { Log } from './events'

const WINDOW_MS = 5_000
const LINES_A_WINDOW = 10

/** Warnings about what others send: at most 10 lines of a kind in 5 s, so that no one fills the log; the next that passes says how many did not. */
export function limitedWarnings(log: Log, nowMs: () => number): (kind: string, text: string) => void {
  const windows = new Map<string, { sinceMs: number; lines: number; left: number }>()
  return (kind, text) => {
    const window = windows.get(kind) ?? { sinceMs: nowMs(), lines: 0, left: 0 }
    windows.set(kind, window)
    if (nowMs() - window.sinceMs >= WINDOW_MS) Object.assign(window, { sinceMs: nowMs(), lines: 0 })
    window.lines += 1
    if (window.lines > LINES_A_WINDOW) {
      window.left += 1
      return
    }
    log('warn', window.left > 0 ? `${text} (and ${window.left} more like it)` : text)
    window.left = 0
  }
}
