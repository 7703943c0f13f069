import { expect, test } from 'vitest'
import { type LayoutOptions, type SpaceTimeLayout, spaceTimeLayout, type Trace } from '../../index'
import { traceOf } from '../../notation'
import type { TraceEntry } from '../../trace'
import { overlap } from './room'

const links = 'beb.pl:PerfectPointToPointLinks'

/** p1 broadcasts to all; p2 gets it, that to p3 is lost, that to p4 is under way; then a partition, a pause and a crash. */
const trace = ofFour(
  'beb: BestEffortBroadcast',
  `p1 > broadcast "m"
   ${links} p1 > send "p2" "m" ← 0
   ${links} p1 > send "p3" "m" ← 0
   ${links} p1 > send "p4" "m" ← 0
   p1 loss ← 2
   partition p1,p2 | p3,p4
   ${links} p2 < deliver "p1" "m" ← 1
   p2 < deliver "p1" "m" ← 6
   p3 pause
   p1 crash
   heal p1,p2 | p3,p4
   p3 resume
   p1 recover`,
  'cut',
)

function ofFour(...written: Parameters<typeof traceOf>): Trace {
  return { ...traceOf(...written), processes: ['p1', 'p2', 'p3', 'p4'].map((id, i) => ({ id, rank: i + 1 })) }
}

const arrowsIn = ({ arrows }: SpaceTimeLayout) =>
  arrows.map(({ sender, receiver, fate, sent, ended }) => [sender, receiver, fate, sent, ended])

test('each message has its fate: delivered, lost or under way', () => {
  expect(arrowsIn(spaceTimeLayout(trace))).toEqual([
    ['p1', 'p2', 'delivered', 1, 6],
    ['p1', 'p3', 'lost', 2, 4],
    ['p1', 'p4', 'under way', 3, undefined],
  ])
})

test('a message to a process that has crashed is lost', () => {
  const crashed = { ...trace, entries: [...trace.entries, { type: 'crash', index: 13, timeMs: 13, process: 'p4' }] } as Trace
  expect(arrowsIn(spaceTimeLayout(crashed)).at(-1)).toEqual(['p1', 'p4', 'lost', 3, undefined])
})

test('what a session says is under way is drawn with its id, from the nearest entry that is shown', () => {
  const show = ({ type, ...entry }: TraceEntry) => type !== 'event' || !('path' in entry && entry.path === 'beb.pl')
  const underWay = [
    { id: 'p1>p4 beb.pl 1', from: 'p1', to: 'p4', sentEntry: 3, heldBy: 'cut' },
    { id: 'p2 timer 1', to: 'p2' },
  ]
  const { arrows } = spaceTimeLayout(trace, { show, underWay })
  expect(arrows.find(({ fate }) => fate === 'under way')).toMatchObject({ id: 'p1>p4 beb.pl 1', sent: 0, heldBy: 'cut', receiver: 'p4' })
  expect(arrows.filter(({ fate }) => fate === 'under way')).toHaveLength(1)
})

test('ends of messages under way are apart', () => {
  const underWay = Array.from({ length: 9 }, (_, i) => ({ id: `${i}`, to: 'p4', sentEntry: 3 }))
  const ends = spaceTimeLayout(trace, { underWay }).arrows.flatMap(({ fate, to }) => (fate === 'under way' ? [to.y] : []))
  expect(ends).toHaveLength(9)
  const gaps = ends.slice(1).map((y, i) => y - ends[i]!)
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(14)
})

test('lanes end at crashes, begin again at recoveries, and show pauses', () => {
  const spans = Object.fromEntries(spaceTimeLayout(trace).lanes.map(({ process, spans }) => [process, spans.map(({ is }) => is)]))
  expect(spans).toEqual({ p1: ['up', 'up'], p2: ['up'], p3: ['up', 'paused', 'up'], p4: ['up'] })
})

test('a partition is a band from its beginning to its end, over all lanes', () => {
  const { bands, lanes, marks } = spaceTimeLayout(trace)
  const x = (index: number) => marks.find(({ entry }) => entry.index === index)!.at.x
  expect(bands).toHaveLength(1)
  expect(bands[0]).toMatchObject({ entry: 5, words: 'p1,p2 | p3,p4', isOpen: false, box: { left: x(5) - 4, right: x(10) + 4 } })
  for (const { from } of lanes) expect(from.y > bands[0]!.box.top && from.y < bands[0]!.box.bottom).toBe(true)
  const open = spaceTimeLayout({ ...trace, entries: trace.entries.slice(0, 8) })
  expect(open.bands[0]).toMatchObject({ isOpen: true })
})

test('time can run down, in a column per process that fits a phone', () => {
  const layout = spaceTimeLayout(trace, { direction: 'down', width: 390 })
  expect(layout.width).toBeLessThanOrEqual(390)
  expect(layout.lanes.map(({ from }) => from.x)).toEqual([...layout.lanes.map(({ from }) => from.x)].sort((a, b) => a - b))
  expect(layout.marks.map(({ at }) => at.y).filter((y, i, all) => i > 0 && y < all[i - 1]! - 30)).toEqual([])
  expectLegible(layout)
})

test('labels overlap neither each other nor a mark, and stay within the picture', () => {
  const many = traceOf(
    'beb: BestEffortBroadcast',
    Array.from({ length: 30 }, (_, i) => {
      const [p, q] = [`p${(i % 3) + 1}`, `p${((i + 1) % 3) + 1}`]
      return `${links} ${p} > send "${q}" {"kind":"WRITE","val":${i}}\n${links} ${q} < deliver "${p}" {"kind":"WRITE","val":${i}} ← ${2 * i}`
    }).join('\n'),
  )
  const options: LayoutOptions[] = [{}, { marked: many.entries.slice(10, 20) }, { direction: 'down', width: 390 }, { width: 500 }]
  for (const each of options) for (const some of [trace, many]) expectLegible(spaceTimeLayout(some, each))
  expect(spaceTimeLayout(many).labels.filter(({ of }) => of === 'message').length).toBeGreaterThan(15)
})

test('of the copies of one message, one has a label', () => {
  const said = spaceTimeLayout(trace).labels.filter(({ of }) => of === 'message')
  expect(said.map(({ text }) => text)).toEqual(['"m"'])
})

function expectLegible({ labels, marks, width, height }: SpaceTimeLayout): void {
  for (const [i, { box, text }] of labels.entries()) {
    expect(box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height, text).toBe(true)
    expect(
      labels
        .slice(i + 1)
        .filter((other) => overlap(box, other.box))
        .map((other) => `${text} ${other.text}`),
    ).toEqual([])
    const covered = marks.filter(
      ({ entry: { process }, at: { x, y } }) => process !== undefined && x > box.left && x < box.right && y > box.top && y < box.bottom,
    )
    expect(covered.map(({ entry }) => `${text} #${entry.index}`)).toEqual([])
  }
}
