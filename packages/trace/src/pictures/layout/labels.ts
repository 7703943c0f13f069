import { clipped } from '../../clipped'
import type { Trace, TraceEntry } from '../../trace'
import { eventText, messageText, momentText } from '../words'
import { type Axes, CHARACTER, SMALL } from './axes'
import type { Wish } from './room'
import type { Arrow, Band, Mark, Place } from './types'

/** With at most so many entries there are labels beside those of processes and of marked entries. */
const SAID_ENTRIES = 100
/** Where along its arrow the label of a message may stand. */
const ALONG = [0.5, 0.38, 0.62, 0.27, 0.74, 0.86, 0.16, 0.94] as const
/** The distance at which the names of processes are repeated, for readers who have scrolled; and that between times. */
const APART = { names: 700, times: 60 } as const

type Placing = Wish['places'][number]

/** What labels should say, the most important first. */
export function wishes(trace: Trace, axes: Axes, drawn: { marks: Mark[]; arrows: Arrow[]; bands: Band[] }): Wish[] {
  const { marks, arrows, bands } = drawn
  const fixed = [...nameWishes(trace, axes), ...bands.map(bandWish), ...marks.filter(({ isMarked }) => isMarked).map(numberWish)]
  if (marks.length > SAID_ENTRIES) return fixed
  const said = marks.flatMap((mark) => markWish(mark, axes))
  return [...fixed, ...said, ...messageWishes(trace, arrows), ...timeWishes(marks, axes)]
}

function nameWishes(trace: Trace, axes: Axes): Wish[] {
  return trace.processes.flatMap(({ id }) => {
    const across = axes.lane(id)
    const first: Placing = axes.isDown ? { at: { x: across, y: 20 }, anchor: 'middle' } : { at: { x: 12, y: across + 4 }, anchor: 'start' }
    const names: Wish[] = [{ of: 'process', text: id, size: CHARACTER, places: [first] }]
    for (let along = axes.start + APART.names; along < axes.end - APART.names / 4; along += APART.names) {
      const at = axes.isDown ? { x: across + 8, y: along } : { x: along, y: across + 16 }
      names.push({ of: 'process', text: id, size: CHARACTER, places: [{ at, anchor: 'start' }] })
    }
    return names
  })
}

/** Above a band, or farther below if there is another one. */
function bandWish({ box, words, entry }: Band): Wish {
  const places = [0, 13, 26, 39].flatMap((y): Placing[] => [
    { at: { x: box.left + 4, y: box.top + 11 + y }, anchor: 'start' },
    { at: { x: box.right - 4, y: box.top + 11 + y }, anchor: 'end' },
  ])
  return { of: 'band', text: clipped(words, 40), size: SMALL, entry, places }
}

const numberWish = ({ entry, at: { x, y } }: Mark): Wish => ({
  of: 'number',
  text: `#${entry.index}`,
  size: CHARACTER,
  entry: entry.index,
  places: [
    { at: { x, y: y - 14 }, anchor: 'middle' },
    { at: { x, y: y + 24 }, anchor: 'middle' },
    { at: { x: x + 12, y: y - 8 }, anchor: 'start' },
    { at: { x: x + 12, y: y + 16 }, anchor: 'start' },
    { at: { x: x - 12, y: y - 8 }, anchor: 'end' },
    { at: { x: x - 12, y: y + 16 }, anchor: 'end' },
  ],
})

/** What a client asks for and learns, and faults of processes. */
function markWish({ entry, at }: Mark, axes: Axes): Wish[] {
  const text = eventText(entry)
  if (text === undefined) return []
  const of = entry.type === 'event' ? 'event' : 'fault'
  return [{ of, text, size: SMALL, entry: entry.index, places: axes.isDown ? beside(at) : aboveAndBelow(at) }]
}

const aboveAndBelow = ({ x, y }: Place): Placing[] =>
  [-12, 19, -23, 30].flatMap((dy): Placing[] => [
    { at: { x, y: y + dy }, anchor: 'middle' },
    { at: { x: x - 4, y: y + dy }, anchor: 'start' },
    { at: { x: x + 4, y: y + dy }, anchor: 'end' },
  ])

const beside = ({ x, y }: Place): Placing[] =>
  [4, -6, 14].flatMap((dy): Placing[] => [
    { at: { x: x + 10, y: y + dy }, anchor: 'start' },
    { at: { x: x - 10, y: y + dy }, anchor: 'end' },
  ])

/** What messages say: of the copies of one message from one handler, one has a label. */
function messageWishes(trace: Trace, arrows: readonly Arrow[]): Wish[] {
  const said = new Set<string>()
  return arrows.flatMap((arrow): Wish[] => {
    const text = messageOf(trace, arrow)
    if (text === undefined) return []
    const sending = trace.entries[arrow.sent]
    const key = `${sending?.type === 'event' && sending.cause >= 0 ? sending.cause : arrow.sent} ${arrow.sender} ${text}`
    if (said.has(key)) return []
    said.add(key)
    return [{ of: 'message', text, size: SMALL, entry: arrow.ended ?? arrow.sent, places: alongArrow(arrow) }]
  })
}

function messageOf(trace: Trace, { fate, sent, ended }: Arrow): string | undefined {
  const entry = trace.entries[fate === 'delivered' ? (ended as number) : sent] as TraceEntry
  return messageText(entry)
}

function alongArrow({ from, to }: Arrow): Placing[] {
  return ALONG.flatMap((part): Placing[] => {
    const x = from.x + (to.x - from.x) * part
    const y = from.y + (to.y - from.y) * part
    return [
      { at: { x: x + 5, y: y + 3 }, anchor: 'start' },
      { at: { x: x - 5, y: y + 3 }, anchor: 'end' },
      { at: { x, y: y - 5 }, anchor: 'middle' },
      { at: { x, y: y + 12 }, anchor: 'middle' },
    ]
  })
}

/** When things happened, along the edge. */
function timeWishes(marks: readonly Mark[], axes: Axes): Wish[] {
  const { width, height } = axes.size
  let next = Number.NEGATIVE_INFINITY
  let said = ''
  return marks.flatMap(({ entry, at }): Wish[] => {
    const text = `${momentText(entry.timeMs)} ms`
    const along = axes.along(at)
    if (along < next || text === said) return []
    next = along + (axes.isDown ? APART.times / 2 : APART.times)
    said = text
    const place: Placing = axes.isDown
      ? { at: { x: width - 2, y: along + 4 }, anchor: 'end' }
      : { at: { x: at.x, y: height - 6 }, anchor: 'middle' }
    return [{ of: 'time', text, size: SMALL, entry: entry.index, places: [place] }]
  })
}
