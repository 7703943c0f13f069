import type { ProcessId } from '@upon/contract'
import type { Pending } from '@upon/simulator'
import type { Trace, TraceEntry } from '@upon/trace'
import { type Box, type Label, placeLabels, type Segment, type Wanted } from './labels'
import { type Moments, momentsOf } from './moments'
import { bookEvent, isInsideDetector, isMessage, messageWords, sendingOf } from './paths'
import { isShown, type Lost } from './play'

/** What a diagram is made of. */
export interface Scene {
  readonly trace: Trace
  readonly pending: readonly Pending[]
  readonly lost: readonly Lost[]
  readonly nowMs: number
  readonly top: string
  /** What shows a violation, each with the number that the story gives it. */
  readonly proof: ReadonlyMap<number, number>
  /** Which messages are hidden below layers: none by default. */
  readonly width: number
  /** `down` on phones: processes are columns. */
  readonly runs: 'right' | 'down'
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Arrow {
  readonly id: string
  readonly fate: 'delivered' | 'under way' | 'held' | 'lost'
  readonly from: Point
  readonly to: Point
  /** Where its message is now, if it is under way. */
  readonly head?: Point
  readonly words: string
}

export interface Mark {
  readonly key: string
  readonly sort: 'event' | 'request' | 'indication' | 'crash' | 'recover' | 'fault' | 'note'
  readonly at: Point
  readonly words: string
  readonly proof?: number
  readonly index: number
}

export interface Lane {
  readonly process: ProcessId
  readonly from: Point
  readonly to: Point
  /** Parts in which it is down or paused. */
  readonly gaps: readonly { readonly from: Point; readonly to: Point; readonly sort: 'down' | 'paused' }[]
  readonly isDown: boolean
}

export interface Diagram {
  readonly width: number
  readonly height: number
  readonly lanes: readonly Lane[]
  readonly arrows: readonly Arrow[]
  readonly marks: readonly Mark[]
  readonly labels: readonly Label[]
  readonly now: { readonly from: Point; readonly to: Point }
  readonly bands: readonly { readonly from: Point; readonly to: Point; readonly words: string }[]
  readonly ticks: readonly { readonly at: Point; readonly words: string }[]
}

const SIZE = { right: { lane: 58, first: 46, start: 56, room: 190 }, down: { lane: 73, first: 36, start: 44, room: 120 } } as const

/** One moment of a process: what happened at it. */
interface Group {
  readonly process: ProcessId
  readonly timeMs: number
  readonly entries: TraceEntry[]
}

/** A space-time diagram of a run so far, as shapes. */
export function layoutOf(scene: Scene): Diagram {
  const { trace, runs, nowMs } = scene
  const size = SIZE[runs]
  const names = trace.processes.map(({ id }) => id)
  const groups = groupsOf(scene)
  const laneOf = new Map(names.map((p, i) => [p, i]))
  const moments = groups.map(({ timeMs, process }) => ({ timeMs, lane: laneOf.get(process) ?? -1 }))
  const lostAt = scene.lost.filter(({ path = '' }) => !isInsideDetector(path)).map(({ lostMs }) => ({ timeMs: lostMs, lane: -1 }))
  const space = runs === 'right' ? Math.max(240, scene.width - size.start - size.room) : 380
  const scale = momentsOf([...moments, ...lostAt], nowMs, unitFor(nowMs, space), size.start + 14)
  const place = placing(scene, scale, laneOf)
  const extent = scale.end + size.room
  const across = size.first + (names.length - 1) * size.lane + (runs === 'right' ? 30 : 36)
  const [width, height] =
    runs === 'right' ? [Math.max(scene.width, extent), across + 18] : [Math.max(scene.width, across), Math.max(300, extent)]
  const marks = marksOf(scene, groups, place)
  const arrows = arrowsOf(scene, place)
  const end = runs === 'right' ? width - 6 : height - 6
  const lanes = names.map((p) => laneFor(scene, p, place, end))
  return {
    width,
    height,
    lanes,
    arrows,
    marks,
    labels: labelled(marks, arrows, { runs, width, height }),
    now: along(runs, scale.at(nowMs), across),
    bands: bandsOf(scene, scale, across),
    ticks: ticksOf(scene, scale, across),
  }
}

const unitFor = (nowMs: number, space: number): number => Math.min(60, Math.max(22, space / Math.max(4, nowMs)))

type Place = (process: ProcessId | undefined, timeMs: number) => Point

function placing({ runs }: Scene, scale: Moments, laneOf: ReadonlyMap<ProcessId, number>): Place {
  const { first, lane } = SIZE[runs]
  return (process, timeMs) => {
    const main = scale.at(timeMs)
    const other = first + (laneOf.get(process ?? '') ?? -0.5) * lane
    return runs === 'right' ? { x: main, y: other } : { x: other, y: main }
  }
}

const along = (runs: Scene['runs'], main: number, across: number) =>
  runs === 'right' ? { from: { x: main, y: 14 }, to: { x: main, y: across } } : { from: { x: 0, y: main }, to: { x: across, y: main } }

/** What happened, by process and moment; what one handler does at once is one mark. */
function groupsOf({ trace, top }: Scene): Group[] {
  const groups = new Map<string, Group>()
  for (const entry of trace.entries) {
    if (entry.process === undefined || !isShown(trace.entries, entry, top)) continue
    const key = `${entry.process} ${entry.timeMs}`
    const group = groups.get(key) ?? { process: entry.process, timeMs: entry.timeMs, entries: [] }
    group.entries.push(entry)
    groups.set(key, group)
  }
  return [...groups.values()]
}

const SORT_OF_FAULT: Readonly<Record<string, Mark['sort']>> = { crash: 'crash', recover: 'recover' }

function sortOf(entry: TraceEntry, top: string): Mark['sort'] {
  if (entry.type !== 'event') return SORT_OF_FAULT[entry.type] ?? 'fault'
  if (entry.path === top) return entry.direction === 'request' ? 'request' : 'indication'
  return entry.event === 'deliver' ? 'event' : 'note'
}

const WEIGHT: Readonly<Record<Mark['sort'], number>> = { crash: 6, recover: 6, indication: 5, request: 4, fault: 3, note: 2, event: 1 }

const wordsFor = (entry: TraceEntry, top: string): string => {
  if (entry.type !== 'event')
    return entry.type === 'crash' ? 'crashes' : entry.type === 'recover' ? 'recovers' : (entry.detail ?? entry.type)
  if (entry.path === top || entry.event !== 'deliver') return bookEvent(entry)
  return ''
}

function marksOf({ top, proof }: Scene, groups: readonly Group[], place: Place): Mark[] {
  return groups.map(({ process, timeMs, entries }) => {
    const [main] = [...entries].sort((a, b) => WEIGHT[sortOf(b, top)] - WEIGHT[sortOf(a, top)])
    const shown = main as TraceEntry
    const shows = entries.map(({ index }) => proof.get(index)).find((number) => number !== undefined)
    const words = [...new Set(entries.map((entry) => wordsFor(entry, top)).filter((text) => text !== ''))]
    return {
      key: `${process} ${timeMs}`,
      sort: sortOf(shown, top),
      at: place(process, timeMs),
      words: words.slice(0, 2).join(' '),
      index: shown.index,
      ...(shows === undefined ? {} : { proof: shows }),
    }
  })
}

function arrowsOf(scene: Scene, place: Place): Arrow[] {
  const { trace, pending, lost, nowMs, top } = scene
  const arrows: Arrow[] = []
  for (const entry of trace.entries) {
    const sending = entry.type === 'event' && isShown(trace.entries, entry, top) ? sendingOf(trace.entries, entry) : undefined
    if (sending === undefined || entry.type !== 'event') continue
    const words = messageWords(entry.attributes.at(-1))
    const [from, to] = [place(sending.process, sending.timeMs), place(entry.process, entry.timeMs)]
    arrows.push({ id: `#${entry.index}`, fate: 'delivered', from, to, words })
  }
  for (const message of lost) {
    if (isInsideDetector(message.path ?? '')) continue
    const [from, to] = ends(message, place, message.dueMs ?? message.lostMs)
    arrows.push({
      id: `lost ${message.id}`,
      fate: 'lost',
      from,
      to: between(from, to, part(scene, message, message.lostMs)),
      words: messageWords(message.message),
    })
  }
  for (const message of pending) {
    if (!isMessage(message) || isInsideDetector(message.path ?? '')) continue
    const due = message.dueMs ?? nowMs + 4
    const [from, to] = ends(message, place, due)
    const head = between(from, to, part(scene, { ...message, dueMs: due }, nowMs))
    arrows.push({
      id: message.id,
      fate: message.heldBy === undefined ? 'under way' : 'held',
      from,
      to,
      head,
      words: messageWords(message.message),
    })
  }
  return apart(arrows, scene.runs)
}

const ends = ({ from, to, sentMs = 0 }: Pending, place: Place, dueMs: number) => [place(from, sentMs), place(to, dueMs)] as const

function part(_: Scene, { sentMs = 0, dueMs }: Pending, atMs: number): number {
  if (dueMs === undefined || dueMs <= sentMs) return 0.6
  return Math.min(0.92, Math.max(0.08, (atMs - sentMs) / (dueMs - sentMs)))
}

const between = (from: Point, to: Point, part: number): Point => ({
  x: from.x + (to.x - from.x) * part,
  y: from.y + (to.y - from.y) * part,
})

const NEAR = 15

/** Heads that lie on one another are pushed apart along their arrows. */
function apart(arrows: readonly Arrow[], _runs: Scene['runs']): Arrow[] {
  const heads: Point[] = []
  return arrows.map((arrow) => {
    if (arrow.head === undefined) return arrow
    let head = arrow.head
    for (let i = 1; i <= 8 && heads.some(({ x, y }) => Math.hypot(x - head.x, y - head.y) < NEAR); i++) {
      const shift = (i % 2 === 0 ? -1 : 1) * Math.ceil(i / 2) * 0.09
      head = between(arrow.from, arrow.to, Math.min(0.95, Math.max(0.05, ratio(arrow) + shift)))
    }
    heads.push(head)
    return { ...arrow, head }
  })
}

function ratio({ from, to, head }: Arrow): number {
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  return head === undefined || length === 0 ? 0.5 : Math.hypot(head.x - from.x, head.y - from.y) / length
}

const GAP: Readonly<Record<string, 'down' | 'paused'>> = { crash: 'down', pause: 'paused' }

function laneFor({ trace, runs, nowMs }: Scene, process: ProcessId, place: Place, end: number): Lane {
  const gaps: { from: Point; to: Point; sort: 'down' | 'paused' }[] = []
  let since: { readonly at: Point; readonly sort: 'down' | 'paused' } | undefined
  const beyond = runs === 'right' ? { ...place(process, nowMs), x: end } : { ...place(process, nowMs), y: end }
  for (const entry of trace.entries) {
    if (entry.type === 'event' || entry.process !== process) continue
    const sort = GAP[entry.type]
    if (since !== undefined) gaps.push({ from: since.at, to: place(process, entry.timeMs), sort: since.sort })
    since = sort && { at: place(process, entry.timeMs), sort }
  }
  if (since !== undefined) gaps.push({ from: since.at, to: beyond, sort: since.sort })
  return { process, from: place(process, 0), to: beyond, gaps, isDown: since?.sort === 'down' }
}

function bandsOf({ trace, runs, nowMs }: Scene, scale: Moments, across: number): Diagram['bands'] {
  const bands: { from: Point; to: Point; words: string }[] = []
  let open: TraceEntry | undefined
  const close = (untilMs: number) => {
    if (open === undefined) return
    const [from, to] = [along(runs, scale.at(open.timeMs), across).from, along(runs, scale.at(untilMs), across).to]
    bands.push({ from, to, words: open.type === 'event' ? '' : (open.detail ?? 'partition') })
  }
  for (const entry of trace.entries) {
    if (entry.type !== 'partition' && entry.type !== 'heal') continue
    close(entry.timeMs)
    open = entry.type === 'partition' ? entry : undefined
  }
  close(nowMs)
  return bands
}

function ticksOf({ runs, nowMs }: Scene, scale: Moments, across: number): Diagram['ticks'] {
  const ticks: { at: Point; words: string }[] = []
  let last = Number.NEGATIVE_INFINITY
  const every = nowMs > 200 ? 50 : nowMs > 40 ? 10 : 2
  const at = (main: number): Point => (runs === 'right' ? { x: main, y: across + 10 } : { x: 12, y: main + 4 })
  for (let ms = 0; ms <= nowMs + 4 && ticks.length < 400; ms += every) {
    const main = scale.at(ms)
    if (main - last < 34) continue
    ticks.push({ at: at(main), words: String(ms) })
    last = main
  }
  return ticks
}

interface Size {
  readonly runs: Scene['runs']
  readonly width: number
  readonly height: number
}

const around = ({ x, y }: Point, r: number): Box => ({ left: x - r, right: x + r, top: y - r, bottom: y + r })

/** Faults and events first, then arrows in order of time; of equal copies that a process sent at once only one is named. */
function labelled(marks: readonly Mark[], arrows: readonly Arrow[], { runs, width, height }: Size): Label[] {
  const wanted: Wanted[] = marks
    .filter(({ words }) => words !== '')
    .sort((a, b) => WEIGHT[b.sort] - WEIGHT[a.sort])
    .map(({ at, words, sort }) => ({
      text: words,
      kind: sort,
      candidates: runs === 'right' ? beside(at) : below(at),
      isNeeded: sort === 'crash',
    }))
  const named = new Set<string>()
  for (const { from, to, head, words, fate } of arrows) {
    const key = `${from.x} ${from.y} ${words} ${fate === 'lost'}`
    if (named.has(key)) continue
    named.add(key)
    const end = head ?? to
    const text = fate === 'lost' ? `lost: ${words}` : words
    wanted.push({
      text,
      kind: fate,
      candidates: [0.5, 0.38, 0.62, 0.27, 0.74, 0.86, 0.16].flatMap((part) => nextTo(between(from, end, part))),
    })
  }
  const taken = [...marks.map(({ at }) => around(at, 9)), ...arrows.flatMap(({ head }) => (head === undefined ? [] : [around(head, 9)]))]
  const lines: Segment[] = arrows.map(({ from, to, head }) => ({ from, to: head ?? to }))
  return placeLabels(wanted, taken, lines, { left: runs === 'right' ? 40 : 0, right: width, top: 2, bottom: height - 2 })
}

const beside = ({ x, y }: Point) => [
  { x: x - 8, y: y - 19 },
  { x: x + 12, y: y + 17 },
  { x: x + 14, y: y - 12 },
  { x: x + 8, y: y - 19, anchor: 'end' as const },
  { x: x - 10, y: y + 17, anchor: 'end' as const },
]

const below = ({ x, y }: Point) => [
  { x: x + 12, y: y + 2 },
  { x: x - 12, y: y + 2, anchor: 'end' as const },
  { x, y: y + 20, anchor: 'middle' as const },
  { x: x + 6, y: y + 20 },
  { x: x - 6, y: y + 20, anchor: 'end' as const },
]

const nextTo = ({ x, y }: Point) => [
  { x: x + 6, y: y - 8 },
  { x: x - 6, y: y - 8, anchor: 'end' as const },
  { x: x + 6, y: y + 9 },
  { x: x - 6, y: y + 9, anchor: 'end' as const },
]
