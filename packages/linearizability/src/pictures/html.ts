import { type Operation, responseOf, show, type Verdict } from '../history'
import { select } from './draw'
import { lanes, layOut, timeText as roundedText, type Segment } from './layout'

type TimeText = (time: number) => string

export interface HtmlOptions {
  /** The number of operations drawn; default 400. Of more, those next to the conflict are shown; without a conflict the first. */
  readonly limitOperations?: number
  /** Default: `history`. */
  readonly title?: string
  /** The text of a time; by default the number, rounded to six decimals. */
  readonly timeText?: TimeText
}

const COLUMN = 9
const LANE = 30

const STYLE = `
  .picture { --ink: #1f2328; --faint: #6e7781; --paper: #ffffff; --bad: #cf222e; --good: #1a7f37 }
  @media (prefers-color-scheme: dark) { .picture { --ink: #e6edf3; --faint: #8b949e; --paper: #0d1117; --bad: #ff7b72; --good: #3fb950 } }
  body { margin: 0 } .picture { background: var(--paper); color: var(--ink); font: 13px system-ui, sans-serif; padding: 16px; min-height: 100vh; box-sizing: border-box }
  .scroll { overflow-x: auto } svg { font: 12px ui-monospace, monospace } svg text { fill: var(--ink) }
  .operation { fill: var(--faint); fill-opacity: .22; stroke: var(--faint) } .conflict .operation { fill: var(--bad); stroke: var(--bad) }
  .conflict:target .operation { stroke-width: 4 } svg .further { fill: var(--faint) } a { color: inherit }
  .point { fill: var(--good) } .no { color: var(--bad) } .yes { color: var(--good) } td, th { padding: 2px 12px 2px 0; text-align: left }`

const LEGEND =
  '<code>w:5</code> wrote 5, <code>r:5</code> read 5; bars that overlap were concurrent; dashed bars never returned. From left to right in order of time, not to scale.'

/**
 * A history and its verdict as one self-contained HTML file, for light and dark: a lane per process, a bar per operation, a dot where it took
 * effect, operations in conflict in red; hovering shows the times. `verdict` must be the verdict on the same operation objects.
 */
export function historyHtml<V>(history: readonly Operation<V>[], verdict: Verdict<V>, options: HtmlOptions = {}): string {
  const { limitOperations = 400, title = 'history', timeText = roundedText } = options
  const conflict = new Set(verdict.outcome === 'not-linearizable' ? verdict.conflict : [])
  const shown = select(history, conflict, limitOperations)
  const name = escaped(title)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>${name}</title><style>${STYLE}</style></head>
<body class="picture"><h1>${name}</h1>
<p>${history.length} operations${shown.length < history.length ? `, ${shown.length} of them shown` : ''}. ${sentence(verdict, timeText)}</p>
<p>${LEGEND}</p>
${conflict.size > 0 ? table([...conflict], timeText) : ''}${conflict.size > 0 && conflict.size < shown.length ? alone([...conflict], verdict, timeText) : ''}<div class="scroll">${bars(shown, verdict, timeText, conflictIn(conflict))}</div>
</body></html>
`
}

function sentence<V>(verdict: Verdict<V>, timeText: TimeText): string {
  if (verdict.outcome === 'linearizable') return '<b class="yes">Linearizable</b>: read the dots from left to right.'
  if (verdict.outcome === 'undecided') return `<b>Unknown</b>: ${escaped(verdict.reason)}.`
  return `<b class="no">Not linearizable</b>, violated by time ${timeText(verdict.untilMs)}: ${escaped(verdict.reason)}.`
}

/** The conflict, each operation a link to its bar. */
function table<V>(conflict: readonly Operation<V>[], timeText: TimeText): string {
  const rows = conflict.map((operation, i) => {
    const { process, kind, value, invokedAtMs, respondedAtMs } = operation
    const until = respondedAtMs === undefined ? 'never' : timeText(respondedAtMs)
    const cells = [process, kind, show(value), timeText(invokedAtMs), until].map(escaped)
    return `<tr><td><a href="#conflict-${i}">${cells[0]}</a></td>${cells
      .slice(1)
      .map((cell) => `<td>${cell}</td>`)
      .join('')}</tr>`
  })
  const head = ['process', 'operation', 'value', 'invoked', 'returned'].map((name) => `<th>${name}</th>`).join('')
  return `<div class="scroll"><table><tr>${head}</tr>${rows.join('')}</table></div>\n`
}

/** The conflict by itself. */
function alone<V>(conflict: readonly Operation<V>[], verdict: Verdict<V>, timeText: TimeText): string {
  const picture = bars(conflict, verdict, timeText, () => ' class="conflict"')
  return `<div class="scroll">${picture}</div>\n<p>The same among the other operations:</p>\n`
}

type Mark<V> = (operation: Operation<V>) => string

function conflictIn<V>(conflict: ReadonlySet<Operation<V>>): Mark<V> {
  const order = [...conflict]
  return (operation) => (conflict.has(operation) ? ` class="conflict" id="conflict-${order.indexOf(operation)}"` : '')
}

function bars<V>(shown: readonly Operation<V>[], verdict: Verdict<V>, timeText: TimeText, mark: Mark<V>): string {
  const [segments, columns] = layOut(shown, verdict)
  const rows = lanes(shown)
  const left = 16 + 8 * Math.max(0, ...rows.map(({ process }) => process.length))
  const [width, height] = [left + (columns + 1) * COLUMN, (rows.length + 1) * LANE]
  const drawn = rows.map(({ process, isFurther, operations }, i) => {
    const y = LANE / 2 + i * LANE
    const own = operations.map((operation) => bar(operation, segments.get(operation)!, { left, y, columns, timeText }, mark(operation)))
    return `<text x="8" y="${y + 14}"${isFurther ? ' class="further"' : ''}>${escaped(process)}</text>${own.join('')}`
  })
  return `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">${drawn.join('\n')}</svg>`
}

interface Frame {
  readonly left: number
  readonly y: number
  readonly columns: number
  readonly timeText: TimeText
}

function bar<V>(operation: Operation<V>, segment: Segment, { left, y, columns, timeText }: Frame, mark: string): string {
  const { label, from, point, to } = segment
  const x = left + from * COLUMN
  const width = ((to ?? columns) - from) * COLUMN
  const until = Number.isFinite(responseOf(operation)) ? timeText(responseOf(operation)) : 'never returned'
  const title = `${operation.process} ${label} from ${timeText(operation.invokedAtMs)} to ${until}`
  const dot = point === undefined ? '' : `<circle class="point" cx="${left + point * COLUMN}" cy="${y + 10}" r="4"/>`
  const open = to === undefined ? ' stroke-dasharray="4 3"' : ''
  return (
    `<g${mark}><title>${escaped(title)}</title>` +
    `<rect class="operation" x="${x}" y="${y}" width="${width}" height="20" rx="4"${open}/><text x="${x + 4}" y="${y + 14}">${escaped(label)}</text>${dot}</g>`
  )
}

/** Text for XML and HTML, in content and in attributes. */
const escaped = (text: string): string =>
  text
    .replaceAll(/(?![\t\n])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
