import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TraceError } from '@upon/trace'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isAboutInput } from './history-file'
import { judge } from './judge'
import { TextFile } from './text-file'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'upon-check-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function written(bytes: string | Uint8Array): string {
  const file = join(folder, 'file')
  writeFileSync(file, bytes)
  return file
}

function read(bytes: string | Uint8Array): { first: string; lines: string[] } {
  const file = new TextFile(written(bytes))
  const first = file.first()
  return { first, lines: [...file.lines()] }
}

const options = { limitMs: 10_000, condition: 'atomic', wantsHtml: false } as const

/** The verdicts on a file, or the problem with it. */
function judged(bytes: string | Uint8Array): readonly unknown[] | string {
  try {
    const { first, lines } = read(bytes)
    return judge('f', first, lines, options).judgements.map(({ holds }) => holds)
  } catch (error) {
    if (isAboutInput(error)) return error.message
    throw error
  }
}

test('lines may end in any way; blank ones are empty, and a byte order mark is skipped', () => {
  expect(read('\ufeff\r\n{"a":1}\r\n \t\n{"b":"é"}')).toEqual({ first: '{"a":1}\r', lines: ['', '{"a":1}\r', '', '{"b":"é"}'] })
  expect(read('')).toEqual({ first: '', lines: [] })
  expect(read('\n\n')).toEqual({ first: '', lines: ['', ''] })
})

test('lines that cross the end of a read are whole', () => {
  const lines = Array.from({ length: 40 }, (_, i) => `{"${i}":"${'é'.repeat(40_000 + i)}"}`)
  expect(read(`${lines.join('\n')}\n`).lines).toEqual(lines)
})

test.each<[string, string | Uint8Array, number, string]>([
  ['UTF-16 with a mark', Buffer.from('\ufeff{"a":1}', 'utf16le'), 1, 'the file is UTF-16; expected UTF-8'],
  ['UTF-16 without one', Buffer.from('{"a":1}', 'utf16le'), 1, 'the file is UTF-16; expected UTF-8'],
  ['bytes that are no text', Buffer.from([0, 1, 2]), 1, 'not JSON: begins with the bytes 00 01 02; expected an object'],
  ['another text', '\n\nhello\n{}', 3, "not JSON: begins with 'hello'"],
  ['what is not UTF-8', Buffer.from([...Buffer.from('{}\n{}\n{"a":"'), 0xff, ...Buffer.from('"}\n')]), 3, 'not UTF-8'],
])('refuses %s', (_, bytes, line, words) => {
  const error = (() => {
    try {
      return read(bytes)
    } catch (thrown) {
      return thrown
    }
  })()
  expect(error).toBeInstanceOf(TraceError)
  expect(error).toMatchObject({ line, message: expect.stringContaining(words) })
})

test('refuses an endless line, and reads no further', () => {
  const file = written('{"a"')
  truncateSync(file, 1 << 30)
  expect(() => new TextFile(file).first()).toThrow('line 1: the line is longer than 64 MiB')
})

const history = `{"client":1,"op":"write","value":5,"call":0,"return":3}
{"client":2,"op":"read","value":5,"call":4,"return":6}
{"client":1,"op":"cas","expected":5,"new":6,"call":4,"return":null}
`

test('random bytes, alone or after a valid beginning, are never a violation', () => {
  const bytes = fc.uint8Array({ maxLength: 60 })
  fc.assert(
    fc.property(bytes, fc.constantFrom('', '{', history), (random, before) => {
      const verdict = judged(Buffer.concat([Buffer.from(before), random]))
      expect(typeof verdict === 'string' || !verdict.includes(false)).toBe(true)
    }),
    { numRuns: 300 },
  )
})

test('with any byte changed, there is a verdict or a problem of the file', () => {
  fc.assert(
    fc.property(fc.nat(history.length - 1), fc.nat(255), (at, byte) => {
      const bytes = Buffer.from(history)
      bytes[at] = byte
      expect(judged(bytes)).toBeDefined()
    }),
    { numRuns: 300 },
  )
})

test.each([
  [
    'true is not "true"',
    [
      ['write', 'true'],
      ['read', '"true"'],
    ],
    false,
  ],
  [
    '1 is not "1"',
    [
      ['write', '1'],
      ['read', '"1"'],
    ],
    false,
  ],
  [
    '1.0 is 1, and 100 is 1e2',
    [
      ['write', '1.0'],
      ['read', '1'],
      ['write', '1e2'],
      ['read', '100'],
    ],
    true,
  ],
  [
    '-0 is 0',
    [
      ['write', '-0'],
      ['read', '0'],
    ],
    true,
  ],
  [
    'numbers beyond 2^53 differ',
    [
      ['write', '9007199254740993'],
      ['read', '9007199254740992'],
    ],
    false,
  ],
  [
    'numbers beyond 2^53 are equal',
    [
      ['write', '9007199254740993'],
      ['read', '9007199254740993.0'],
    ],
    true,
  ],
  [
    'decimals are exact',
    [
      ['write', '0.1'],
      ['read', '0.1000000000000000055511151231257827'],
    ],
    false,
  ],
  [
    'fields in any order',
    [
      ['write', '{"a":1,"b":[2]}'],
      ['read', '{"b":[2],"a":1}'],
    ],
    true,
  ],
  [
    'fields named like ours are data',
    [
      ['write', '{"call":1,"return":2,"op":"read"}'],
      ['read', '{"op":"read","return":2,"call":1}'],
    ],
    true,
  ],
  [
    'null in a value is data',
    [
      ['write', '[null]'],
      ['read', '[null]'],
    ],
    true,
  ],
  [
    'a text that looks like an object is a text',
    [
      ['write', '{"a":1}'],
      ['read', '"{\\"a\\":1}"'],
    ],
    false,
  ],
  [
    'a text that looks like ⊥ is a text',
    [
      ['write', 'null'],
      ['read', '"⊥"'],
    ],
    false,
  ],
  [
    '__proto__ is a field',
    [
      ['write', '{"__proto__":1}'],
      ['read', '{"__proto__":2}'],
    ],
    false,
  ],
] as const)('%s', (_, operations, holds) => {
  const lines = operations.map(([op, value], i) => `{"client":1,"op":"${op}","value":${value},"call":${i * 2},"return":${i * 2 + 1}}`)
  expect(judged(lines.join('\n'))).toEqual([holds])
})

test('the order of fields in a key does not matter, and 1 is not "1"', () => {
  const line = (op: string, value: number | null, key: string, call: number) =>
    `{"client":1,"op":"${op}","value":${value},"key":${key},"call":${call},"return":${call + 1}}`
  const [w, r] = [(key: string) => line('write', 7, key, 0), (key: string) => line('read', 7, key, 4)]
  const initial = (key: string) => line('read', null, key, 4)
  expect(judged(`${w('{"a":1,"b":2}')}\n${r('{"b":2,"a":1}')}`)).toEqual([true])
  expect(judged(`${w('1')}\n${initial('"1"')}`)).toEqual([true, true])
  expect(judged(`${w('9007199254740993')}\n${initial('9007199254740992')}`)).toEqual([true, true])
  expect(judged(`${w('1.0')}\n${initial('1')}`)).toEqual([false])
})

test('times are exact: large beside small, with exponents, in fractions', () => {
  const at = (op: string, value: string, call: string, end: string) =>
    `{"client":"${op}${value}","op":"${op}","value":${value},"call":${call},"return":${end}}`
  const old = (from: string, to: string) => `${at('write', '1', '0', '1')}\n${at('write', '5', from, to)}\n`
  expect(judged(old('1700000000000000000', '1700000000000000001') + at('read', '1', '1700000000000000002', '1700000000000000003'))).toEqual(
    [false],
  )
  expect(judged(old('1700000000000000000', '1700000000000000002') + at('read', '1', '1700000000000000002', '1700000000000000003'))).toEqual(
    [true],
  )
  expect(judged(old('1700000000.123456788', '1700000000.123456789') + at('read', '1', '1700000000.123456790', '1.8e9'))).toEqual([false])
  expect(judged(old('1700000000000010000', '1700000000000020000') + at('read', '1', '1.7e18', '1.700000000000001e18'))).toEqual([true])
  expect(judged(old('-9007199254740994', '-9007199254740993') + at('read', '5', '2', '3'))).toEqual([false])
})

test('a compare-and-swap that no order explains is reported as one', () => {
  const lines = [
    '{"client":1,"op":"write","value":5,"call":0,"return":3}',
    '{"client":2,"op":"cas","expected":6,"new":7,"call":4,"return":6}',
  ]
  const [{ why, picture } = { why: '' }] = judge('f', lines[0]!, lines, options).judgements
  expect(why).toContain('explains 2: cas 6→7, from 4 to 6')
  expect(picture).toContain('2: cas 6→7, from 4 to 6')
})

test('compare-and-swap in all its forms', () => {
  const write = '{"client":1,"op":"write","value":5,"call":0,"return":3}'
  const rest = '"client":2,"op":"cas","call":4,"return":6'
  const read = (value: number) => `{"client":1,"op":"read","value":${value},"call":7,"return":8}`
  for (const cas of [`{${rest},"expected":5,"new":6}`, `{${rest},"value":[5,6]}`, '{"p":2,"f":"cas","call":4,"ret":6,"a":5,"b":6}']) {
    expect(judged(`${write}\n${cas}\n${read(6)}`)).toEqual([true])
    expect(judged(`${write}\n${cas}\n${read(5)}`)).toEqual([false])
    expect(judged(`${write}\n${cas.replace('}', ',"ok":false}')}\n${read(5)}`)).toEqual([false])
    expect(judged(`${write}\n${cas.replace('":5', '":7').replace('[5', '[7').replace('}', ',"ok":false}')}\n${read(5)}`)).toEqual([true])
    for (const value of [5, 6]) expect(judged(`${write}\n${cas.replace(/"ret(urn)?":6/, '"ret$1":null')}\n${read(value)}`)).toEqual([true])
  }
})
