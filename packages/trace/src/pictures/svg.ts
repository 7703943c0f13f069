import type { ProcessId } from '@upon/contract'
import type { Trace, TraceEntry } from '../trace'
import { COLORS, escaped } from './markup'
import { messageText, type PictureOptions, selected, sendingOf, wordsOf } from './words'

/** The distance between entries: less if the picture would be wider than `WIDTH`. */
const STEP = { most: 26, least: 12 }
const WIDTH = 1600
/** The distance at which the names of processes are repeated, for readers who have scrolled. */
const NAMES_APART = 700
const LANE = 70
const TOP = 60
/** Width of a character of a label, roughly. */
const CHARACTER = 7

/** With at most this many entries, arrows have labels, at this part of their length. */
const SAID_ENTRIES = 100
const SAID_AT = 0.6

const STYLE = `${COLORS}
  .picture { background: var(--paper); font: 12px ui-monospace, monospace }
  .picture text { fill: var(--ink) } .picture .note { fill: var(--faint) }
  .line { stroke: var(--faint); stroke-width: 1.5 } .event { fill: var(--ink) }
  .message { stroke: var(--message); stroke-width: 1.2; fill: none } #head path { fill: var(--message) }
  .fault { stroke: var(--fault); stroke-width: 2.5; fill: none } .picture text.fault { fill: var(--fault); stroke: none }
  .picture .ring + text { fill: var(--bad); font-weight: bold; text-anchor: middle }
  .picture .said { fill: var(--message); font-size: 10px } .ring + text, .picture .again, .picture .said { paint-order: stroke; stroke: var(--paper); stroke-width: 4px }
  .ring:target { stroke-width: 5 } .picture a text { text-decoration: underline }
  .picture text.marked { fill: var(--bad); font-weight: bold } .event.marked { fill: var(--bad) } .ring { fill: none; stroke: var(--bad); stroke-width: 2 }`

const LEGEND =
  'From left to right in the order of the trace, not to scale: ● an event, → a message, ✕ a crash, ⚡ another fault. Hover over a mark to see what it is.'

interface Place {
  readonly x: number
  readonly y: number
}

/**
 * A space-time diagram as one self-contained SVG, for light and dark: time runs to the right by entries, processes are lines that end
 * at crashes, messages are arrows, marked entries are ringed, numbered and listed. Hovering over an event shows what it is.
 */
export function spaceTimeSvg(trace: Trace, options: PictureOptions = {}): string {
  const { marked = [], title } = options
  const must = new Set(marked.map(({ index }) => index))
  const { entries, all } = selected(trace, options)
  const names = trace.processes.map(({ id }) => id)
  const left = 24 + CHARACTER * Math.max(...names.map((name) => name.length))
  const step = Math.max(STEP.least, Math.min(STEP.most, WIDTH / entries.length))
  const lanes = new Map(names.map((name, i) => [name, TOP + i * LANE]))
  const places = new Map<number, Place>()
  entries.forEach((entry, i) => {
    places.set(entry.index, { x: left + step * (i + 1), y: lanes.get(entry.process ?? '') ?? TOP - 30 })
  })
  const labels = entries.filter(({ index }) => must.has(index))
  const right = left + step * (entries.length + 1)
  const notes = `${LEGEND}${entries.length < all ? ` ${entries.length} of ${all} entries shown.` : ''}`
  const words = [...labels.map(wordsOf), title ?? '', notes]
  const width = Math.ceil(Math.max(right, ...words.map((text) => left + CHARACTER * (text.length + 8))))
  const labelsTop = TOP + names.length * LANE
  const height = labelsTop + 18 * (labels.length + 2)
  const idOf = idsFor(labels)
  const parts = [
    ...(title === undefined ? [] : [`<text x="12" y="20">${escaped(title)}</text>`]),
    ...names.map((name) => lifeline(trace, name, places, lanes.get(name)!, left, right)),
    ...entries.map((entry) => arrow(trace, entry, places)),
    ...entries.map((entry) => mark(entry, places.get(entry.index)!, must.has(entry.index) ? idOf(entry) : undefined)),
    ...(entries.length > SAID_ENTRIES ? [] : entries.map((entry) => said(trace, entry, places))),
    ...labels.map((entry, i) => label(entry, idOf(entry), labelsTop + 18 * i)),
    text(12, height - 10, notes, 'note'),
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

/** IDs of marked entries, which differ from those of other pictures on a page unless these mark the same entries. */
function idsFor(labels: readonly TraceEntry[]): (entry: TraceEntry) => string {
  const group = labels
    .slice(0, 4)
    .map(({ index }) => index)
    .join('-')
  return ({ index }) => `entry-${index}-of-${group}`
}

const label = (entry: TraceEntry, id: string, y: number): string =>
  `<a href="#${id}">${text(12, y, `#${entry.index} ${entry.process ?? ''}: ${wordsOf(entry)}`, 'marked')}</a>`

/** The line of a process: from the beginning or a recovery to the next crash, as far as these are shown. */
function lifeline(trace: Trace, name: ProcessId, places: ReadonlyMap<number, Place>, y: number, left: number, right: number): string {
  const lastShown = Math.max(-1, ...places.keys())
  let from: number | undefined = left
  let latest = left
  const lines: string[] = []
  const draw = (start: number, to: number) => {
    lines.push(line(start, to, y))
    for (let x = left + NAMES_APART; x < to - NAMES_APART / 4; x += NAMES_APART)
      if (x > start) lines.push(text(x, y + 16, name, 'note again'))
  }
  for (const entry of trace.entries) {
    if (entry.index > lastShown) break
    latest = places.get(entry.index)?.x ?? latest
    if (entry.process !== name) continue
    if (entry.type === 'recover') from ??= latest
    if (entry.type !== 'crash' || from === undefined) continue
    draw(from, latest)
    from = undefined
  }
  if (from !== undefined) draw(from, right)
  return `${text(12, y + 4, name, 'name')}${lines.join('')}`
}

const line = (from: number, to: number, y: number): string => `<path class="line" d="M${from} ${y}H${to}"/>`

function arrow(trace: Trace, entry: TraceEntry, places: ReadonlyMap<number, Place>): string {
  const sending = sendingOf(trace, entry, ({ index }) => places.has(index))
  const from = sending && places.get(sending.index)
  const to = places.get(entry.index)!
  return from ? `<path class="message" marker-end="url(#head)" d="M${from.x} ${from.y}L${to.x} ${to.y}"/>` : ''
}

/** The label of a message, near its arrow. */
function said(trace: Trace, entry: TraceEntry, places: ReadonlyMap<number, Place>): string {
  const sending = sendingOf(trace, entry, ({ index }) => places.has(index))
  const from = sending && places.get(sending.index)
  const words = messageText(entry)
  if (from === undefined || words === undefined) return ''
  const to = places.get(entry.index)!
  const x = from.x + (to.x - from.x) * SAID_AT
  return text(x + 4, from.y + (to.y - from.y) * SAID_AT + 4, words, 'said')
}

function mark(entry: TraceEntry, { x, y }: Place, id: string | undefined): string {
  const title = `<title>${escaped(`#${entry.index} ${entry.timeMs} ms ${entry.process ?? ''} ${wordsOf(entry)}`)}</title>`
  const ring =
    id === undefined ? '' : `<circle class="ring" id="${id}" cx="${x}" cy="${y}" r="9"/><text x="${x}" y="${y - 14}">#${entry.index}</text>`
  if (entry.type === 'event')
    return `<g>${title}<circle class="event${id === undefined ? '' : ' marked'}" cx="${x}" cy="${y}" r="4"/>${ring}</g>`
  const sign = entry.type === 'crash' ? `<path class="fault" d="M${x - 6} ${y - 6}l12 12m0-12l-12 12"/>` : text(x - 4, y - 8, '⚡', 'fault')
  return `<g>${title}${sign}${ring}</g>`
}
