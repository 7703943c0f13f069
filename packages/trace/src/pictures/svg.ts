import type { Trace, TraceEntry } from '../trace'
import { CHARACTER } from './layout/axes'
import { spaceTimeLayout } from './layout/layout'
import type { Arrow, Band, Label, Lane, Mark, SpaceTimeLayout } from './layout/types'
import { escaped } from './markup'
import { STYLE } from './style'
import { type PictureOptions, wordsOf } from './words'

/** The narrowest picture: its notes take several lines. */
const LEAST_WIDTH = 360
const LINE = 16

/**
 * A space-time diagram as one self-contained SVG, for light and dark: time runs to the right by entries, processes are lines that end
 * at crashes, messages are arrows, partitions are bands, marked entries are ringed, numbered and listed. Hovering over an event shows what it is.
 */
export function spaceTimeSvg(trace: Trace, options: PictureOptions = {}): string {
  const { title, marked = [], marks = 'violation' } = options
  const layout = spaceTimeLayout(trace, options)
  const width = Math.max(layout.width, LEAST_WIDTH)
  const fitting = Math.floor((width - 24) / CHARACTER)
  const sign = marks === 'violation' ? 'bad' : 'good'
  const isMarked = new Set(marked.map(({ index }) => index))
  const listed = trace.entries.filter(({ index }) => isMarked.has(index))
  const idOf = idsFor(listed)
  const heads = title === undefined ? [] : lines(title, fitting)
  const notes = lines(legendOf(layout), fitting)
  const said = listed.map((entry) => ({ entry, words: lines(`#${entry.index} ${entry.process ?? ''}: ${wordsOf(entry)}`, fitting) }))
  const rows = said.reduce((sum, { words }) => sum + words.length, 0)
  const top = heads.length * LINE
  const height = top + layout.height + (rows + notes.length) * LINE + 16
  let y = top + layout.height + LINE
  const next = () => {
    y += LINE
    return y - LINE
  }
  const parts = [
    ...heads.map((words, i) => text(12, 18 + i * LINE, words, 'title')),
    `<g transform="translate(0 ${top})">`,
    ...layout.bands.map(bandMarkup),
    ...layout.lanes.map(laneMarkup),
    ...layout.arrows.map(arrowMarkup),
    ...layout.marks.map((mark) => markMarkup(mark, mark.isMarked ? idOf(mark.entry) : undefined, sign)),
    ...layout.labels.map((label) => labelMarkup(label, sign)),
    '</g>',
    ...said.map(
      ({ entry, words }) => `<a href="#${idOf(entry)}">${words.map((row) => text(12, next(), row, `marked ${sign}`)).join('')}</a>`,
    ),
    ...notes.map((row) => text(12, next(), row, 'note')),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<style>${STYLE}</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="12" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>
${parts.join('\n')}
</svg>
`
}

/** What the signs in a picture mean: only those that are in it. */
function legendOf({ arrows, bands, marks, shown, all }: SpaceTimeLayout): string {
  const has = (fate: Arrow['fate']) => arrows.some((arrow) => arrow.fate === fate)
  const isFault = ({ entry: { type } }: Mark) =>
    type !== 'event' && type !== 'crash' && type !== 'loss' && type !== 'partition' && type !== 'heal'
  const signs = [
    '● an event',
    ...(has('delivered') ? ['→ a message'] : []),
    ...(has('lost') ? ['⇢× a lost one'] : []),
    ...(has('under way') ? ['—○ one under way'] : []),
    ...(marks.some(({ entry }) => entry.type === 'crash') ? ['✕ a crash'] : []),
    ...(bands.length > 0 ? ['▒ a partition'] : []),
    ...(marks.some(isFault) ? ['⚡ another fault'] : []),
  ]
  const part = shown < all ? ` ${shown} of ${all} entries shown.` : ''
  return `From left to right in the order of the trace, not to scale: ${signs.join(', ')}. Hover over a mark to see what it is.${part}`
}

/** A text in lines of at most so many characters, as far as its words allow. */
function lines(words: string, most: number): string[] {
  const all: string[] = []
  for (const word of words.split(' ').flatMap((each) => each.match(new RegExp(`.{1,${most}}`, 'gsu')) ?? [])) {
    const last = all.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= most) all[all.length - 1] = `${last} ${word}`
    else all.push(word)
  }
  return all
}

const text = (x: number, y: number, words: string, name: string, anchor = 'start'): string =>
  `<text x="${rounded(x)}" y="${rounded(y)}" class="${name}"${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}>${escaped(words)}</text>`

const rounded = (pixels: number): number => Math.round(pixels * 10) / 10

/** IDs of marked entries, which differ from those of other pictures on a page unless these mark the same entries. */
function idsFor(labels: readonly TraceEntry[]): (entry: TraceEntry) => string {
  const group = labels
    .slice(0, 4)
    .map(({ index }) => index)
    .join('-')
  return ({ index }) => `entry-${index}-of-${group}`
}

const bandMarkup = ({ box: { left, top, right, bottom }, words }: Band): string =>
  `<g><title>${escaped(`partition: ${words}`)}</title><rect class="band" x="${rounded(left)}" y="${rounded(top)}" width="${rounded(right - left)}" height="${rounded(bottom - top)}"/></g>`

const laneMarkup = ({ spans }: Lane): string =>
  spans.map(({ is, from, to }) => `<path class="line${is === 'paused' ? ' paused' : ''}" d="${pathOf(from, to)}"/>`).join('')

const pathOf = (from: Lane['from'], to: Lane['from']): string =>
  from.y === to.y
    ? `M${rounded(from.x)} ${rounded(from.y)}H${rounded(to.x)}`
    : `M${rounded(from.x)} ${rounded(from.y)}L${rounded(to.x)} ${rounded(to.y)}`

function arrowMarkup({ fate, from, to }: Arrow): string {
  if (fate === 'delivered') return `<path class="message" marker-end="url(#head)" d="${pathOf(from, to)}"/>`
  const [x, y] = [rounded(to.x), rounded(to.y)]
  if (fate === 'under way') return `<path class="message" d="${pathOf(from, to)}"/><circle class="message head" cx="${x}" cy="${y}" r="4"/>`
  return `<path class="message lost" d="${pathOf(from, to)}"/><path class="message end" d="M${x - 4} ${y - 4}l8 8m0-8l-8 8"/>`
}

function markMarkup({ entry, at }: Mark, id: string | undefined, sign: string): string {
  const [x, y] = [rounded(at.x), rounded(at.y)]
  const title = `<title>${escaped(`#${entry.index} ${entry.timeMs} ms ${entry.process ?? ''} ${wordsOf(entry)}`)}</title>`
  const ring = id === undefined ? '' : `<circle class="ring ${sign}" id="${id}" cx="${x}" cy="${y}" r="9"/>`
  if (entry.type === 'event')
    return `<g>${title}<circle class="event${id === undefined ? '' : ` marked ${sign}`}" cx="${x}" cy="${y}" r="4"/>${ring}</g>`
  if (entry.type === 'loss' || entry.type === 'partition' || entry.type === 'heal')
    return `<g>${title}<circle class="spot" cx="${x}" cy="${y}" r="6"/>${ring}</g>`
  const drawn =
    entry.type === 'crash' ? `<path class="fault" d="M${x - 6} ${y - 6}l12 12m0-12l-12 12"/>` : text(x - 4, y - 8, '⚡', 'fault')
  return `<g>${title}${drawn}${ring}</g>`
}

const CLASSES: Readonly<Record<Label['of'], string>> = {
  process: 'name',
  number: 'number',
  event: 'small',
  fault: 'small fault',
  message: 'small said',
  band: 'small fault',
  time: 'small note',
}

function labelMarkup({ of, text: words, at, anchor }: Label, sign: string): string {
  return text(at.x, at.y, words, of === 'number' ? `${CLASSES[of]} ${sign}` : CLASSES[of], anchor)
}
