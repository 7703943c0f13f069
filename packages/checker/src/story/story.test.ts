import { spaceTimeText, type Trace, type TraceEntry } from '@upon/trace'
import { expect, test } from 'vitest'
import { storyOf } from '../index'

type Line = readonly [cause: number, process: string, path: string, direction: 'request' | 'indication', event: string, ...unknown[]]

const MODULES: Readonly<Record<string, string>> = { pl: 'PerfectPointToPointLinks', beb: 'BestEffortBroadcast', timer: 'Timer' }

function traceFrom(lines: readonly (Line | string)[]): Trace {
  const entries = lines.map((line, index): TraceEntry => {
    if (typeof line === 'string') return { type: 'crash', index, timeMs: index, process: line }
    const [cause, process, path, direction, event, ...attributes] = line
    const module = MODULES[path.split('.').at(-1) as string] ?? 'AtomicRegister'
    return { type: 'event', index, cause, timeMs: index, process, path, module, direction, event, attributes }
  })
  const processes = ['p', 'q', 'r'].map((id, i) => ({ id, rank: i + 1 }))
  return { format: 'upon-trace/1', processes, end: 'quiescent', entries }
}

const read = { kind: 'READ' }
const value = { kind: 'VALUE', val: 5 }

/** p asks q and r; q answers, r answers later; the message to r is lost if `loses`. */
const quorum = (loses: boolean) =>
  traceFrom([
    [-1, 'p', 'nnar', 'request', 'read'],
    [0, 'p', 'nnar.beb', 'request', 'broadcast', read],
    [1, 'p', 'nnar.beb.pl', 'request', 'send', 'q', read],
    [1, 'p', 'nnar.beb.pl', 'request', 'send', 'r', read],
    [2, 'q', 'nnar.beb', 'indication', 'deliver', 'p', read],
    [4, 'q', 'nnar.pl', 'request', 'send', 'p', value],
    [5, 'p', 'nnar.pl', 'indication', 'deliver', 'q', value],
    loses ? [-1, 'r', 'nnar.timer', 'indication', 'timeout'] : [3, 'r', 'nnar.beb', 'indication', 'deliver', 'p', read],
    [7, 'r', 'nnar.pl', 'request', 'send', 'p', value],
    [8, 'p', 'nnar.pl', 'indication', 'deliver', 'r', value],
    [9, 'p', 'nnar', 'indication', 'readReturn', 5],
    [-1, 'q', 'nnar', 'request', 'read'],
  ])

const tell = (trace: Trace, marked: number, sort: 'safety' | 'liveness') =>
  spaceTimeText(trace, storyOf(trace, { events: [trace.entries[marked]!], path: 'nnar', sort }))

test('each step has its time and the answers that it waited for; what follows a violation of safety is left out', () => {
  expect(tell(quorum(false), 10, 'safety')).toMatchInlineSnapshot(`
    "    ms  p   q   r
    0    0  ●   │   │     nnar.read()
    1    1  ●   │   │     nnar.beb.broadcast([READ])
    4    4  │   ●   │     nnar.beb.deliver("p", [READ])  ← p #1
    5    5  │   ●   │     nnar.pl.send("p", [VALUE, val: 5])
    6    6  ●   │   │     nnar.pl.deliver("q", [VALUE, val: 5])  ← q #5
    7    7  │   │   ●     nnar.beb.deliver("p", [READ])  ← p #1
    8    8  │   │   ●     nnar.pl.send("p", [VALUE, val: 5])
    9    9  ●   │   │     nnar.pl.deliver("r", [VALUE, val: 5])  ← r #8
    10  10  ●   │   │   ! nnar.readReturn(5)  (⇐ VALUE from q #6, r #9)
    "
  `)
})

test('a message says which processes it never reaches; for liveness everything is shown', () => {
  const text = tell(quorum(true), 10, 'liveness')
  expect(text).toMatch(/broadcast\(\[READ\]\) {2}\(never reaches r\)/)
  expect(text.trimEnd().split('\n').at(-1)).toContain('nnar.read()')
})

test('a message is not said to miss a process that has crashed', () => {
  const { entries } = quorum(true)
  const crash: TraceEntry = { type: 'crash', index: entries.length, timeMs: 99, process: 'r' }
  expect(tell({ ...quorum(true), entries: [...entries, crash] }, 10, 'liveness')).not.toContain('never reaches')
})

test('left out: what had no influence, timers that cause nothing, the inside of a detector', () => {
  const trace = traceFrom([
    [-1, 'p', 'nnar.timer', 'request', 'start', 5],
    [-1, 'p', 'nnar.timer', 'indication', 'timeout'],
    [-1, 'q', 'nnar', 'request', 'write', 3],
    [-1, 'p', 'pfd.pl', 'request', 'send', 'q', read],
    [-1, 'p', 'pfd', 'indication', 'crash', 'q'],
    [-1, 'p', 'nnar.timer', 'indication', 'timeout'],
    [5, 'p', 'nnar', 'indication', 'readReturn', 5],
  ])
  const { show } = storyOf(trace, { events: [trace.entries[6]!], path: 'nnar', sort: 'safety' })
  expect(trace.entries.filter((entry) => show?.(entry)).map(({ index }) => index)).toEqual([4, 5, 6])
  const inside = storyOf(trace, { events: [trace.entries[4]!], path: 'pfd', sort: 'safety' })
  expect(inside.show?.(trace.entries[3]!)).toBe(true)
})
