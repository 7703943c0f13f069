import { isPending, type Operation, responseOf, show, type Verdict } from '../history'

/** The place of an operation in the picture: the columns of its two ends and, in a linearization, of the moment it took effect. */
export interface Segment {
  readonly label: string
  from: number
  point?: number
  /** Absent: pending, the segment stays open. */
  to?: number
}

/** Begin before point before end at equal times: intervals are closed. */
const BEGIN = 0
const POINT = 1
const END = 2

interface Moment<V> {
  readonly atMs: number
  readonly kind: typeof BEGIN | typeof POINT | typeof END
  readonly operation: Operation<V>
}

/** A time for people, rounded to six decimals of its unit. */
export const timeText = (time: number): string => String(Math.round(time * 1e6) / 1e6)

export const labelOf = <V>(operation: Operation<V>): string =>
  operation.kind === 'read' && isPending(operation) ? 'r:?' : `${operation.kind === 'write' ? 'w' : 'r'}:${show(operation.value)}`

/**
 * Gives every invocation, response and linearization point a column, in order of time, just far enough apart for the labels.
 * Returns the segments and the number of columns.
 */
export function layOut<V>(history: readonly Operation<V>[], verdict: Verdict<V> | undefined): [Map<Operation<V>, Segment>, number] {
  const conflict = new Set(verdict?.outcome === 'not-linearizable' ? verdict.conflict : [])
  const shown = new Set(history)
  const moments: Moment<V>[] = []
  for (const operation of history) {
    moments.push({ atMs: operation.invokedAtMs, kind: BEGIN, operation })
    if (!isPending(operation)) moments.push({ atMs: responseOf(operation), kind: END, operation })
  }
  const order = verdict?.outcome === 'linearizable' ? verdict.order : []
  for (const { operation, atMs } of order) if (shown.has(operation)) moments.push({ atMs, kind: POINT, operation })
  moments.sort((a, b) => a.atMs - b.atMs || a.kind - b.kind)
  const segments = new Map<Operation<V>, Segment>()
  let column = -1
  for (const { kind, operation } of moments) {
    column += 1
    if (kind === BEGIN) {
      segments.set(operation, { label: labelOf(operation), from: column })
      continue
    }
    const segment = segments.get(operation)!
    column = Math.max(column, segment.from + segment.label.length + (conflict.has(operation) ? 2 : 1))
    if (kind === POINT) segment.point = column
    else segment.to = column
  }
  let columns = column + 1
  for (const { label, from, point, to } of segments.values())
    if (to === undefined) columns = Math.max(columns, (point ?? from + label.length) + 2)
  return [segments, columns]
}

export interface Lane<V> {
  readonly process: string
  /** Whether this lane continues the one above, of the same process. */
  readonly isFurther: boolean
  readonly operations: readonly Operation<V>[]
}

/** One lane for each process, more where its operations overlap; processes in natural order. */
export function lanes<V>(history: readonly Operation<V>[]): Lane<V>[] {
  const processes = [...new Set(history.map(({ process }) => process))]
  processes.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  return processes.flatMap((process) => {
    const own: Operation<V>[][] = []
    const sorted = history.filter((operation) => operation.process === process).sort((a, b) => a.invokedAtMs - b.invokedAtMs)
    for (const operation of sorted) {
      const free = own.find((lane) => responseOf(lane.at(-1)!) < operation.invokedAtMs)
      if (free) free.push(operation)
      else own.push([operation])
    }
    return own.map((operations, i) => ({ process, isFurther: i > 0, operations }))
  })
}
