import { expect, test } from 'vitest'
import { shivizLog, spaceTimeSvg, spaceTimeText, type Trace } from '../index'
import { traceOf } from '../notation'

const trace = traceOf(
  'beb: BestEffortBroadcast',
  `p1 > broadcast "<m>"
   p1 < deliver "p1" "<m>"
   p2 < deliver "p1" "<m>"
   p1 crash
   p2 > broadcast "n"
   p3 < deliver "p2" "n"`,
)

/** The vector clocks in a log, by line. */
function clocksIn(log: string): { host: string; clock: Record<string, number> }[] {
  const [parser, delimiter, ...lines] = log.trimEnd().split('\n')
  expect(delimiter).toBe('')
  const found = [...lines.join('\n').matchAll(new RegExp(parser!, 'g'))].map(({ groups }) => ({
    host: groups!.host!,
    clock: JSON.parse(groups!.clock!) as Record<string, number>,
  }))
  expect(found).toHaveLength(lines.length / 2)
  return found
}

/** Each process counts its own entries from 1, and knows at most the existing entries of others. */
function expectValidClocks(log: string): void {
  const counts: Record<string, number> = {}
  for (const { host, clock } of clocksIn(log)) {
    counts[host] = (counts[host] ?? 0) + 1
    expect(clock[host]).toBe(counts[host])
    for (const [other, known] of Object.entries(clock)) expect(known).toBeLessThanOrEqual(counts[other] ?? 0)
  }
}

test('a ShiViz log can be parsed by its first line, and its clocks are valid', () => {
  const log = shivizLog(trace)
  expectValidClocks(log)
  expect(log.split('\n').slice(2, 4)).toEqual(['p1 {"p1":1}', 'beb.broadcast("<m>")'])
  expect(clocksIn(log).at(-1)).toEqual({ host: 'p3', clock: { p1: 1, p2: 2, p3: 1 } })
})

test('in a ShiViz log, the clock of a delivery exceeds that of its sending, and clocks of a process increase', () => {
  const clocks = clocksIn(shivizLog(trace))
  const knows = (a: Record<string, number>, b: Record<string, number>) => Object.entries(b).every(([p, n]) => (a[p] ?? 0) >= n)
  const latest: Record<string, Record<string, number>> = {}
  trace.entries.forEach((entry, i) => {
    const { host, clock } = clocks[i]!
    const sending = entry.type === 'event' && entry.cause >= 0 ? clocks[entry.cause]!.clock : {}
    expect(knows(clock, sending)).toBe(true)
    expect(knows(sending, clock)).toBe(false)
    expect(knows(clock, latest[host] ?? {})).toBe(true)
    latest[host] = clock
  })
})

test('entries that are not shown still pass knowledge on', () => {
  const log = shivizLog(trace, { show: (entry) => entry.type !== 'event' || entry.event !== 'broadcast' })
  expectValidClocks(log)
  expect(clocksIn(log).at(-1)!.clock).toEqual({ p2: 1, p3: 1 })
})

test('as text: a line per entry, a column per process, crashes and marks', () => {
  expect(spaceTimeText(trace, { marked: [trace.entries[5]!], title: 'BEB' })).toMatchInlineSnapshot(`
    "BEB
       p1  p2  p3
    0  ●   │   │     beb.broadcast("<m>")
    1  ●   │   │     beb.deliver("p1", "<m>")
    2  │   ●   │     beb.deliver("p1", "<m>")  ← p1 #0
    3  ✕   │   │     crash
    4      ●   │     beb.broadcast("n")
    5      │   ●   ! beb.deliver("p2", "n")  ← p2 #4
    "
  `)
})

test('as text: of many entries those around the marked one are shown, and the picture says so', () => {
  const long: Trace = traceOf('beb: BestEffortBroadcast', Array.from({ length: 500 }, (_, i) => `p1 > broadcast ${i}`).join('\n'))
  const text = spaceTimeText(long, { marked: [long.entries[400]!], limitEntries: 10 })
  expect(text).toContain('! beb.broadcast(400)')
  expect(text).toContain('(10 of 500 entries shown)')
  expect(text.split('\n')).toHaveLength(13)
  expect(text).not.toContain('\x1b')
  expect(spaceTimeText(long, { marked: [long.entries[400]!], colors: true })).toContain('\x1b[31m')
})

test('as SVG: well-formed and self-contained, with lines, arrows, crashes and marks', () => {
  const svg = spaceTimeSvg(trace, { marked: [trace.entries[5]!], title: 'BEB3 & more' })
  expect(svg.match(/class="line"/g)).toHaveLength(3)
  expect(svg.match(/class="message"/g)).toHaveLength(2)
  expect(svg.match(/<path class="fault"/g)).toHaveLength(1)
  expect(svg.match(/class="ring bad"/g)).toHaveLength(1)
  expect(svg).toContain('#5 p3: beb.deliver(&quot;p2&quot;, &quot;n&quot;)')
  expect(svg).toContain('BEB3 &amp; more')
  expect(svg).toContain('prefers-color-scheme: dark')
  expect(svg.match(/<a href="#([^"]*)">/)?.[1]).toBe(svg.match(/<circle class="ring bad" id="([^"]*)"/)?.[1])
  expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|href="[^#]|<m>/)
  expectBalanced(svg)
})

test('as SVG: a process that crashes after the last entry shown lives to the end of the picture', () => {
  const lines = (picture: string) => [...picture.matchAll(/class="line" d="M\d+ (\d+)H([\d.]+)"/g)].map(([, , to]) => Number(to))
  const [p1, p2, p3] = lines(spaceTimeSvg(trace))
  expect(p1).toBeLessThan(p2 as number)
  expect(p2).toBe(p3)
  expect(new Set(lines(spaceTimeSvg(trace, { limitEntries: 3 }))).size).toBe(1)
})

test('as SVG: a long trace is drawn closer, and names the processes again', () => {
  const long = traceOf('beb: BestEffortBroadcast', Array.from({ length: 300 }, (_, i) => `p1 > broadcast ${i}`).join('\n'))
  const svg = spaceTimeSvg(long)
  expect(Number(/ width="(\d+)"/.exec(svg)?.[1])).toBeLessThan(4000)
  expect(svg.match(/class="name">p2</g)).toHaveLength(5)
})

test('as SVG: the notes take as many lines as fit the picture, and do not widen it', () => {
  const words = 'a word '.repeat(60)
  const svg = spaceTimeSvg(traceOf('beb: BestEffortBroadcast', `p1 > broadcast "${words}"`), { title: words })
  expect(Number(/ width="(\d+)"/.exec(svg)?.[1])).toBe(360)
  for (const [, text = ''] of svg.matchAll(/<text[^>]*>([^<]*)</g)) expect(text.length * 7).toBeLessThan(360)
})

test('as SVG: what a picture is about is not drawn as a violation', () => {
  const svg = spaceTimeSvg(trace, { marked: [trace.entries[5]!], marks: 'highlight' })
  expect(svg).toContain('class="ring good"')
  expect(svg).not.toMatch(/class="[^"]*\bbad\b/)
})

test('pictures of nothing, and of faults of the network alone', () => {
  const empty: Trace = { ...trace, entries: [] }
  expectBalanced(spaceTimeSvg(empty))
  expect(spaceTimeText(empty)).toBe('   p1  p2  p3\n')
  const heal: Trace = { ...trace, entries: [{ type: 'heal', index: 0, timeMs: 0, detail: 'all \u0000 links' }] }
  expectBalanced(spaceTimeSvg(heal))
  expect(spaceTimeText(heal)).toContain('heal: all')
  expect(shivizLog(heal).split('\n')).toHaveLength(3)
})

/** Every element that begins ends, in order. */
function expectBalanced(markup: string): void {
  const open: string[] = []
  for (const [, slash, name, , selfClosed] of markup.matchAll(/<(\/?)([a-z]\w*)((?:"[^"]*"|[^">])*?)(\/?)>/g)) {
    if (slash === '/') expect(open.pop()).toBe(name)
    else if (selfClosed !== '/') open.push(name!)
  }
  expect(open).toEqual([])
}
