import type { ProcessId } from '@upon/contract'
import type { Trace, TraceEntry } from '../trace'
import { COLORS, escaped } from './markup'
import { type PictureOptions, selected, sendingOf, wordsOf } from './words'

const STEP = 26
const LANE = 70
const TOP = 60
/** Width of a character of a label, roughly. */
const CHARACTER = 7

const STYLE = `${COLORS}
  .picture { background: var(--paper); font: 12px ui-monospace, monospace }
  .picture text { fill: var(--ink) } .picture .note { fill: var(--faint) }
  .line { stroke: var(--faint); stroke-width: 1.5 } .event { fill: var(--ink) }
  .message { stroke: var(--message); stroke-width: 1.2; fill: none } #head path { fill: var(--message) }
  .fault { stroke: var(--fault); stroke-width: 2.5; fill: none } .picture text.fault { fill: var(--fault); stroke: none }
  .picture text.marked { fill: var(--bad); font-weight: bold } .event.marked { fill: var(--bad) } .ring { fill: none; stroke: var(--bad); stroke-width: 2 }`

interface Place {
  readonly x: number
  readonly y: number
}

/**
 * A space-time diagram as one SVG without anything from outside, for light and dark: time runs to the right by entries, processes are lines that end
 * at crashes, messages arrows, marked entries ringed and labelled. Hovering over an event tells what it is.
 */
export function spaceTimeSvg(trace: Trace, options: PictureOptions = {}): string {
  const { marked = [], title } = options
  const must = new Set(marked.map(({ index }) => index))
  const { entries, all } = selected(trace, options)
  const names = trace.processes.map(({ id }) => id)
  const left = 24 + CHARACTER * Math.max(...names.map((name) => name.length))
  const lanes = new Map(names.map((name, i) => [name, TOP + i * LANE]))
  const places = new Map<number, Place>()
  entries.forEach((entry, i) => {
    places.set(entry.index, { x: left + STEP * (i + 1), y: lanes.get(entry.process ?? '') ?? TOP - 30 })
  })
  const labels = entries.filter(({ index }) => must.has(index))
  const right = left + STEP * (entries.length + 1)
  const width = Math.max(right, ...[...labels.map(wordsOf), title ?? ''].map((text) => left + CHARACTER * (text.length + 8)))
  const labelsTop = TOP + names.length * LANE
  const height = labelsTop + 18 * (labels.length + 1)
  const parts = [
    ...(title === undefined ? [] : [`<text x="12" y="20">${escaped(title)}</text>`]),
    ...names.map((name) => lifeline(trace, name, places, lanes.get(name)!, left, right)),
    ...entries.map((entry) => arrow(trace, entry, places)),
    ...entries.map((entry) => mark(entry, places.get(entry.index)!, must.has(entry.index))),
    ...labels.map((entry, i) => text(12, labelsTop + 18 * i, `#${entry.index} ${entry.process ?? ''}: ${wordsOf(entry)}`, 'marked')),
    ...(entries.length < all ? [text(12, height - 6, `${entries.length} of ${all} entries shown`, 'note')] : []),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<style>${STYLE}</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="12" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>
${parts.filter((part) => part !== '').join('\n')}
</svg>
`
}

const text = (x: number, y: number, words: string, name: string): string =>
  `<text x="${x}" y="${y}" class="${name}">${escaped(words)}</text>`

/** From the beginning or a recovery to the next crash, as far as these are shown. */
function lifeline(trace: Trace, name: ProcessId, places: ReadonlyMap<number, Place>, y: number, left: number, right: number): string {
  let from: number | undefined = left
  let latest = left
  const lines: string[] = []
  for (const entry of trace.entries) {
    latest = places.get(entry.index)?.x ?? latest
    if (entry.process !== name) continue
    if (entry.type === 'recover') from = latest
    if (entry.type !== 'crash' || from === undefined) continue
    lines.push(line(from, latest, y))
    from = undefined
  }
  if (from !== undefined) lines.push(line(from, right, y))
  return `${text(12, y + 4, name, 'name')}${lines.join('')}`
}

const line = (from: number, to: number, y: number): string => `<path class="line" d="M${from} ${y}H${to}"/>`

function arrow(trace: Trace, entry: TraceEntry, places: ReadonlyMap<number, Place>): string {
  const sending = sendingOf(trace, entry)
  const from = sending && places.get(sending.index)
  const to = places.get(entry.index)!
  return from ? `<path class="message" marker-end="url(#head)" d="M${from.x} ${from.y}L${to.x} ${to.y}"/>` : ''
}

function mark(entry: TraceEntry, { x, y }: Place, isMarked: boolean): string {
  const title = `<title>${escaped(`#${entry.index} ${entry.timeMs} ms ${entry.process ?? ''} ${wordsOf(entry)}`)}</title>`
  const ring = isMarked ? `<circle class="ring" cx="${x}" cy="${y}" r="9"/>` : ''
  if (entry.type === 'event') return `<g>${title}<circle class="event${isMarked ? ' marked' : ''}" cx="${x}" cy="${y}" r="4"/>${ring}</g>`
  const sign = entry.type === 'crash' ? `<path class="fault" d="M${x - 6} ${y - 6}l12 12m0-12l-12 12"/>` : text(x - 4, y - 8, '⚡', 'fault')
  return `<g>${title}${sign}${ring}</g>`
}
