import type { Operation, Verdict } from '../history'
import { lanes, layOut, type Segment } from './layout'

export interface DrawOptions {
  /** The width of a block of the picture, with names; default 100, at least 40. */
  readonly widthColumns?: number
  /** The number of operations drawn; default 60. Of more, those next to the conflict are shown; without a conflict the first. */
  readonly limitOperations?: number
  /** ANSI colours: points green, conflicting operations red; default false. */
  readonly colors?: boolean
}

const LIMIT_NAME = 24

/**
 * A history as text: a line per process over discrete moments. `[w:5--•--]` is an operation, `•` the moment it took effect in the linearization
 * that `verdict` found. Operations in conflict have `!` instead of `-`, and one that never returned ends with `>`. Ends with a newline.
 * `verdict` must be the verdict on the same operation objects.
 */
export function drawHistory<V>(history: readonly Operation<V>[], verdict?: Verdict<V>, options: DrawOptions = {}): string {
  const { widthColumns = 100, limitOperations = 60, colors = false } = options
  const conflict = new Set(verdict?.outcome === 'not-linearizable' ? verdict.conflict : [])
  const shown = select(history, conflict, limitOperations)
  const [segments, columns] = layOut(shown, verdict)
  const rows = lanes(shown).map(({ process, operations }) => {
    const cells: string[] = new Array(columns).fill(' ')
    for (const operation of operations) paint(cells, segments.get(operation)!, conflict.has(operation))
    return { process: clip(process), cells }
  })
  const nameColumns = Math.max(0, ...rows.map(({ process }) => process.length)) + 1
  const blockColumns = Math.max(40, widthColumns) - nameColumns
  const lines: string[] = []
  for (let start = 0; start < columns; start += blockColumns) {
    if (start > 0) lines.push('')
    for (const { process, cells } of rows) {
      const text = cells
        .slice(start, start + blockColumns)
        .join('')
        .trimEnd()
      lines.push(`${process.padEnd(nameColumns)}${colors ? colored(text) : text}`.trimEnd())
    }
  }
  if (shown.length < history.length) lines.push(`(${shown.length} of ${history.length} operations shown)`)
  return `${lines.join('\n')}\n`
}

function paint(cells: string[], { label, from, point, to }: Segment, conflicts: boolean): void {
  const end = to ?? cells.length - 1
  cells.fill(conflicts ? '!' : '-', from, end)
  cells[from] = '['
  for (const [i, character] of [...label].entries()) cells[from + 1 + i] = character
  if (point !== undefined) cells[point] = '•'
  cells[end] = to === undefined ? '>' : ']'
}

/** The conflicting operations and those nearest to them in time; without a conflict the first ones. In order of invocation. */
export function select<V>(history: readonly Operation<V>[], conflict: ReadonlySet<Operation<V>>, limit: number): Operation<V>[] {
  const byTime = [...history].sort((a, b) => a.invokedAtMs - b.invokedAtMs)
  if (byTime.length <= limit) return byTime
  const centres = byTime.flatMap((operation, index) => (conflict.has(operation) ? [index] : []))
  if (centres.length === 0) return byTime.slice(0, limit)
  const distance = (index: number): number => Math.min(...centres.map((centre) => Math.abs(centre - index)))
  const nearest = byTime.map((operation, index) => ({ operation, index, distance: distance(index) }))
  nearest.sort((a, b) => a.distance - b.distance || a.index - b.index)
  return nearest
    .slice(0, Math.max(limit, centres.length))
    .sort((a, b) => a.index - b.index)
    .map(({ operation }) => operation)
}

const clip = (name: string): string => (name.length > LIMIT_NAME ? `${name.slice(0, LIMIT_NAME - 1)}…` : name)

const colored = (text: string): string => text.replaceAll('•', '\x1b[32m•\x1b[39m').replaceAll(/[^\s[\]]*!+/g, '\x1b[31m$&\x1b[39m')
