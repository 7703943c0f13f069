import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readTrace, type Trace, TraceError, traceLines, writeTrace } from './index'
import { traceOf } from './notation'
import { canonical, decode, encode } from './values'

const trace: Trace = {
  ...traceOf('beb: BestEffortBroadcast', 'p1 > broadcast {"a":[1,null]}\np2 < deliver "p1" {"a":[1,null]}\np3 crash\np2 > broadcast ⊥'),
  origin: { seed: '0x2a', command: 'pnpm sim' },
}

test('reads the algorithm of a rule and the cause of a loss, and refuses what is neither', () => {
  const head = '{"format":"upon-trace/1","processes":[{"id":"p","rank":1}],"end":"cut"}'
  const rule = {
    type: 'event',
    index: 0,
    cause: -1,
    timeMs: 0,
    process: 'p',
    path: 'b',
    module: 'M',
    direction: 'rule',
    event: 'Init',
    attributes: [],
    algorithm: 'a',
  }
  const loss = { type: 'loss', index: 1, timeMs: 1, process: 'p', cause: 0 }
  const read = (...entries: object[]) => readTrace([head, ...entries.map((entry) => JSON.stringify(entry))])
  expect(read(rule, loss).entries).toEqual([rule, loss])
  expect(() => read({ ...rule, algorithm: 1 })).toThrow('"algorithm" is not a text')
  expect(() => read(rule, { ...loss, cause: 1 })).toThrow('"cause" is 1')
})

test('a trace is the same after writing and reading, ⊥ included; the head is the first line', () => {
  expect(readTrace(writeTrace(trace))).toEqual(trace)
  expect(readTrace(traceLines(trace))).toEqual(trace)
  expect(JSON.parse(writeTrace(trace).split('\n')[0]!)).toEqual({ ...trace, entries: undefined })
  expect(writeTrace(trace)).toContain('"attributes":[{"⊥":true}]')
})

test('reading returns the plain data that was written', () => {
  const data = fc.letrec((tie) => ({
    value: fc.oneof(
      fc.constantFrom(undefined, null, true, Number.NaN, Number.POSITIVE_INFINITY, 12n, 0.5, 'a\nb', '⊥'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', '⊥', 'b'), tie('value'), { maxKeys: 2, noNullPrototype: true }),
    ),
  })).value
  fc.assert(
    fc.property(data, (value) => {
      const back = decode(JSON.parse(JSON.stringify(encode(value))))
      expect(back).toEqual(value)
      expect(canonical(back)).toBe(canonical(value))
    }),
    { seed: 3, numRuns: 1000 },
  )
})

test('values are equal as data: keys in any order, but not ⊥ and null, nor 5 and "5"', () => {
  expect(canonical({ a: 1, b: [{ c: 2, d: undefined }] })).toBe(canonical({ b: [{ d: undefined, c: 2 }], a: 1 }))
  expect(new Set([undefined, null, 5, '5', 'null', '⊥', [], {}, [[]], ''].map(canonical)).size).toBe(10)
})

const [head, ...entries] = writeTrace(trace).trimEnd().split('\n') as [string, ...string[]]

test.each([
  ['an empty file', '', 1, 'expected the head'],
  ['no head', entries.join('\n'), 1, 'upon-trace/1'],
  ['a head without processes', head.replace('"processes"', '"p"'), 1, 'the head has no field "p"; expected format, processes, origin, end'],
  ['a head without processes', head.replace(/"processes":.*\],/, ''), 1, '"processes" is not a list'],
  ['two processes of one rank', head.replace('"rank":2', '"rank":1'), 1, 'the same rank'],
  ['a field twice', `${head}\n${entries[0]!.replace('"cause"', '"index":0,"cause"')}`, 2, '"index" is given twice'],
  ['a time that is not a number', `${head}\n${entries[0]!.replace('"timeMs":0', '"timeMs":"0"')}`, 2, '"timeMs" is "0"; expected a number'],
  ['an attribute that means nothing', `${head}\n${entries[0]!.replace('{"a":', '{"⊥":')}`, 2, 'an attribute is wrong'],
  ['an unknown end', head.replace('quiescent', 'over'), 1, '"end" is "over"'],
  ['two processes of one name', head.replace('"p2"', '"p1"'), 1, 'the same name'],
  ['what one process recorded', head.replace('"processes"', '"recordedBy":"p1","processes"'), 1, 'the recording of "p1" alone'],
  ['half a line', `${head}\n${entries[0]!.slice(0, 40)}`, 2, 'not JSON'],
  ['a number', `${head}\n5`, 2, 'expected an object'],
  ['a gap', `${head}\n${entries[1]}`, 2, '"index" is 1; expected 0'],
  ['an unknown type', `${head}\n\n${entries[0]!.replace('"event"', '"evnt"')}`, 3, '"type" is "evnt"'],
  ['a cause to come', `${head}\n${entries[0]!.replace('"cause":-1', '"cause":0')}`, 2, 'an earlier entry'],
  ['no path', `${head}\n${entries[0]!.replace('"path"', '"pth"')}`, 2, 'an event has no field "pth"; expected type, index'],
  ['no path at all', `${head}\n${entries[0]!.replace('"path":"beb",', '')}`, 2, '"path" is missing; expected a text'],
  ['a wrong direction', `${head}\n${entries[0]!.replace('request', 'up')}`, 2, '"request", "indication", "query" or "rule"'],
  ['no attributes', `${head}\n${entries[0]!.replace(/"attributes":.*$/, '"attributes":5}')}`, 2, '"attributes" is not a list'],
])('says the line and the problem: %s', (_, text, line, words) => {
  const error = (() => {
    try {
      return readTrace(text)
    } catch (thrown) {
      return thrown
    }
  })()
  expect(error).toBeInstanceOf(TraceError)
  expect(error).toMatchObject({ line, message: expect.stringContaining(words) })
})

test('Maps, Sets, bytes and -0 are the same values before and after a file, and different from lists and 0', () => {
  const map = new Map<unknown, unknown>([
    ['b', 1],
    ['a', undefined],
  ])
  for (const value of [map, new Set([2, 1]), Uint8Array.of(0, 255), -0, { m: [map] }]) {
    const read = decode(JSON.parse(JSON.stringify(encode(value))))
    expect(read).toEqual(value)
    expect(canonical(read)).toBe(canonical(value))
  }
  expect(
    canonical(
      new Map([
        ['a', undefined],
        ['b', 1],
      ]),
    ),
  ).toBe(canonical(map))
  expect(canonical(new Set([1, 2]))).toBe(canonical(new Set([2, 1])))
  expect(new Set([map, [...map], new Set([1]), [1], Uint8Array.of(1), 0, -0].map(canonical)).size).toBe(7)
})

test.each(['{"map":[1]}', '{"set":1}', '{"bytes":[256]}', '{"set":[1],"map":[]}', '{}'])('refuses a mark that is none: %s', (mark) => {
  expect(() => decode(JSON.parse(`{"⊥":${mark}}`))).toThrow('has an unknown value')
})
