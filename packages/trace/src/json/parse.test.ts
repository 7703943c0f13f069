import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareExactly, ExactNumber, numberOf } from './exact-number'
import { JsonError, parseJson } from './parse'

const accepted = (read: () => unknown): boolean => {
  try {
    read()
    return true
  } catch {
    return false
  }
}

/** The value with exact numbers rounded, as `JSON.parse` does. */
function rounded(value: unknown): unknown {
  if (value instanceof ExactNumber) return Number(value.text)
  if (Array.isArray(value)) return value.map(rounded)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, rounded(item)]))
}

describe('parseJson', () => {
  test('reads what JSON.parse reads, wherever a double is exact', () => {
    fc.assert(
      fc.property(fc.json({ depthSize: 'small' }), (text) => {
        expect(parseJson(text)).toEqual(JSON.parse(text))
      }),
      { numRuns: 300 },
    )
  })

  test('accepts and refuses the same texts as JSON.parse, with one character changed', () => {
    const sign = fc.constantFrom(...'{}[]",:\\ue+-.019tfn \t\n\u0000\u00a0é')
    fc.assert(
      fc.property(fc.json({ maxDepth: 2 }), fc.nat(), sign, fc.boolean(), (text, at, character, inserts) => {
        const place = at % (text.length + 1)
        const changed = text.slice(0, place) + character + text.slice(inserts ? place : place + 1)
        const isRead = accepted(() => JSON.parse(changed))
        if (!isRead) expect(() => parseJson(changed)).toThrow(JsonError)
        else if (!/twice|exponent/.test(problemOf(changed))) expect(rounded(parseJson(changed))).toEqual(JSON.parse(changed))
      }),
      { numRuns: 1000 },
    )
  })

  test.each([
    ['{"a":1,"a":1}', '"a" is given twice'],
    ['{"a":1', "expected ',' or '}' at character 7, but the line ends"],
    ['{"a" 1}', "expected ':' at character 6, but '1' is there"],
    ['{a:1}', 'expected a name in double quotes at character 2'],
    ['01', 'expected the end at character 2'],
    ['NaN', "expected a value at character 1, but 'N' is there"],
    ['"\u202e', 'the rest of a text at character 3'],
    ['\u202e', "'\\u{202e}' is there"],
    ['"\\x"', 'an escape that JSON does not know'],
    ['['.repeat(100_000), 'nested deeper than 500 levels'],
    ['1e99999999999999999999', 'the exponent of a number is 99999999999999999999'],
    ['', 'expected a value at character 1, but the line ends'],
  ])('says what is wrong with %j', (text, words) => {
    expect(problemOf(text)).toContain(words)
  })

  test('a field named __proto__ is a field', () => {
    expect(Object.entries(parseJson('{"__proto__":{"a":1}}') as object)).toEqual([['__proto__', { a: 1 }]])
  })
})

function problemOf(text: string): string {
  try {
    parseJson(text)
    return ''
  } catch (error) {
    if (error instanceof JsonError) return error.message
    throw error
  }
}

describe('numbers', () => {
  test('a double wherever it reads as the same number again, and else exact', () => {
    for (const text of ['1', '-0', '1.0', '0.1', '1e2', '1.7e18', '9007199254740992', '1e30', '5e-324', '1.7976931348623157e308'])
      expect(numberOf(text)).toBe(Number(text))
    for (const text of ['9007199254740993', '1e400', '0.1000000000000000055', '1700000000000000001', '123456789012345678901234567'])
      expect(numberOf(text)).toBeInstanceOf(ExactNumber)
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => Object.is(numberOf(JSON.stringify(x)), x + 0)))
  })

  test('equal numbers have one text, however they are written', () => {
    const texts = ['9007199254740993', '9007199254740993.0', '9007199254740993e0', '900719925474099300E-2', '9.007199254740993e15']
    expect(new Set(texts.map((text) => String(numberOf(text))))).toEqual(new Set(['9007199254740993']))
    expect(String(numberOf('-1700000000.1234567891230'))).toBe('-1700000000.123456789123')
    expect(String(numberOf('0.00012345678901234567890'))).toBe('1234567890123456789e-22')
  })

  test('are compared exactly', () => {
    const sorted = ['-1e400', '-9007199254740993', '-1', '0', '1e-400', '0.1', '0.1000000000000000055', '9007199254740992']
    const more = ['9007199254740993', '9007199254740993.5', '1.7e18', '1700000000000000001', '1e400']
    const numbers = [...sorted, ...more].map(numberOf)
    for (const [i, a] of numbers.entries())
      for (const [j, b] of numbers.entries()) expect(Math.sign(compareExactly(a, b)), `${a} and ${b}`).toBe(Math.sign(i - j))
  })

  test('are compared as whole numbers of any size are', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(), (a, b) => {
        expect(Math.sign(compareExactly(numberOf(String(a)), numberOf(String(b))))).toBe(a < b ? -1 : a > b ? 1 : 0)
      }),
      { numRuns: 300 },
    )
  })
})
