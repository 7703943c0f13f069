import type { ProcessId } from '@upon/contract'
import type { Trace, TraceEntry } from '../trace'
import { momentText, type PictureOptions, selected, sendingOf, wordsOf } from './words'

export interface TextOptions extends PictureOptions {
  /** ANSI colors: marked entries red, faults yellow; default none. */
  readonly colors?: boolean
}

const COLUMN = 4

/**
 * A space-time diagram for a terminal: time runs down, with a column per process and a line per entry. `●` is an event, `✕` a crash, `!` a mark;
 * `←` names the entry where a message was sent. Ends with a newline.
 */
export function spaceTimeText(trace: Trace, options: TextOptions = {}): string {
  const { marked = [], colors = false, title } = options
  const must = new Set(marked.map(({ index }) => index))
  const { entries, all } = selected(trace, options)
  const processes = trace.processes.map(({ id }) => id)
  const width = Math.max(COLUMN, ...processes.map((p) => p.length + 2))
  const digits = String(trace.entries.length).length + 2
  const lines = title === undefined ? [] : [title]
  const clockOf = clockFor(entries, options)
  lines.push(`${' '.repeat(digits)}${clockOf('ms')}${processes.map((p) => p.padEnd(width)).join('')}`.trimEnd())
  const shown = new Set(entries.map(({ index }) => index))
  const crashed = new Set<ProcessId>()
  let next = 0
  for (const entry of entries) {
    for (; next <= entry.index; next += 1) follow(trace.entries[next]!, crashed)
    const cells = processes.map((p) => cellOf(p, entry, crashed).padEnd(width)).join('')
    const sending = sendingOf(trace, entry, ({ index }) => shown.has(index))
    const from = sending ? `  ← ${sending.process} #${sending.index}` : ''
    const note = options.note?.(entry)
    const said = `${wordsOf(entry)}${from}${note === undefined ? '' : `  (${note})`}`
    const sign = must.has(entry.index) ? '! ' : '  '
    const line = `${String(entry.index).padEnd(digits)}${clockOf(momentText(entry.timeMs))}${cells}${sign}${said}`
    lines.push(colors ? colored(line, entry, must.has(entry.index)) : line)
  }
  if (entries.length < all) lines.push(`(${entries.length} of ${all} entries shown)`)
  return `${lines.join('\n')}\n`
}

/** The column of the times, if there is one. */
function clockFor(entries: readonly TraceEntry[], { times }: PictureOptions): (text: string) => string {
  if (times !== 'shown') return () => ''
  const width = Math.max(2, ...entries.map(({ timeMs }) => momentText(timeMs).length))
  return (text) => `${text.padStart(width)}  `
}

function follow(entry: TraceEntry, crashed: Set<ProcessId>): void {
  if (entry.process === undefined) return
  if (entry.type === 'crash') crashed.add(entry.process)
  if (entry.type === 'recover') crashed.delete(entry.process)
}

function cellOf(p: ProcessId, entry: TraceEntry, crashed: ReadonlySet<ProcessId>): string {
  if (entry.process === p) return entry.type === 'event' ? '●' : entry.type === 'crash' ? '✕' : '○'
  return crashed.has(p) ? ' ' : '│'
}

function colored(line: string, entry: TraceEntry, isMarked: boolean): string {
  if (isMarked) return `\x1b[31m${line}\x1b[39m`
  return entry.type === 'event' ? line : `\x1b[33m${line}\x1b[39m`
}
