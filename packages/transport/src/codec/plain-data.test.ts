import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { copyPlain } from './plain-copy'
import { plainData } from './plain-data'

const again = (message: unknown) => plainData.decode(plainData.encode(message))
const check = (value: unknown, limitBytes = 2 ** 20) => plainData.check?.(value, limitBytes)
const bytesOf = (message: unknown) => plainData.encode(message).length
const nested = (depth: number, innermost: unknown = 1) => Array.from({ length: depth }).reduce((inside) => [inside], innermost)
const saying = (text: string) => () => plainData.decode(new TextEncoder().encode(text))

describe('plain data', () => {
  it('arrives as it was, whatever it is made of', () => {
    const data = fc.anything({
      withBigInt: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
      maxDepth: 5,
      key: fc.oneof(fc.string(), fc.constantFrom('$map', '$object', '$', '__proto__', 'constructor', 'toJSON')),
    })
    fc.assert(
      fc.property(data, (message) => {
        expect(withPrototypes(again(message))).toEqual(withPrototypes(message))
        expect(withPrototypes(copyPlain(message))).toEqual(withPrototypes(message))
        expect(plainData.encode(copyPlain(message))).toEqual(plainData.encode(message))
        expect(() => check(message, bytesOf(message))).not.toThrow()
        expect(() => check(message, bytesOf(message) - 1)).toThrow(RangeError)
      }),
      { numRuns: 100 },
    )
  })

  it.each([
    [{ val: undefined }],
    [[undefined, null]],
    [Number.NaN],
    [-0],
    [Number.NEGATIVE_INFINITY],
    [-(2n ** 100n)],
    ['\ud800 alone, \0 and é'],
    [new Map([[{ a: 1 }, new Set([new Map()])]])],
    [Uint8Array.of(0, 1, 255)],
    [{ $map: [] }],
    [{ $object: { $object: 1 } }],
    [{ $undefined: true, other: 1 }],
  ])('carries %o', (message) => {
    expect(again(message)).toStrictEqual(message)
    expect(copyPlain(message)).toStrictEqual(message)
  })

  it('a Buffer arrives as a Uint8Array of its own, and a view as what it shows', () => {
    expect(again({ bytes: Buffer.from('hello').subarray(1, 3) })).toStrictEqual({ bytes: new TextEncoder().encode('el') })
  })

  it('a key __proto__ is data, and changes no prototype', () => {
    const read = again(JSON.parse('{"__proto__": {"admin": true}, "a": 1}')) as { admin?: boolean }
    expect(read.admin).toBe(undefined)
    expect(Object.keys(read)).toEqual(['__proto__', 'a'])
  })

  it.each([
    ['a function (at m.f)', { m: { f: () => {} } }],
    ['a symbol (at 1)', [1, Symbol('s')]],
    ['an instance of Date (at when)', { when: new Date(0) }],
    ['an instance of Point', new (class Point {})()],
    ['an instance of Names', new (class Names extends Map {})()],
    ['an instance of Promise', Promise.resolve()],
    ['an instance of Float64Array', new Float64Array(2)],
    ['a property whose key is a symbol', { [Symbol('s')]: 1 }],
    ['a big integer of more than 1000 digits', 10n ** 1000n],
  ])('refuses %s at the sender, and says where it is', (what, message) => {
    for (const take of [plainData.encode, copyPlain, check])
      expect(() => take(message)).toThrow(new TypeError(`a message cannot carry ${what}: it carries plain data`))
  })

  it('refuses what contains itself, and what is nested too deep, at both ends', () => {
    const round: Record<string, unknown> = {}
    round.self = [round, round]
    for (const take of [plainData.encode, copyPlain]) expect(() => take(round)).toThrow('nested deeper than 256')
    expect(() => check(round)).toThrow('nested deeper than 200')
    let deep: unknown = { $object: 1 }
    for (let i = 0; i < 254; i++) deep = { $object: deep }
    expect(again(deep)).toEqual(deep)
    expect(saying('['.repeat(100_000) + ']'.repeat(100_000))).toThrow()
  })

  it('what may be handed in is understood however algorithms wrap it', () => {
    const deepest = nested(200)
    expect(() => check(deepest)).not.toThrow()
    expect(() => check(nested(201))).toThrow('nested deeper than 200')
    const wrapped = new Map([['proposals', nested(50, new Map([[deepest, new Set([deepest])]]))]])
    expect(again(wrapped)).toStrictEqual(wrapped)
  })

  it('a check ends soon, whatever it is given', () => {
    const doubled = Array.from({ length: 150 }).reduce((inside) => [inside, inside], 1)
    for (const value of [doubled, new Array(2 ** 32 - 1), 'x'.repeat(2 ** 28), new Uint8Array(2 ** 28)])
      expect(() => check(value, 1_000)).toThrow(new RangeError('a value is too large: expected at most 1000 bytes as JSON'))
  })

  it('takes Map, Set, bytes and objects of another realm, and refuses what is a class there', () => {
    const foreign = runInNewContext(
      `({ map: new Map([[new Set([1]), { a: [undefined] }]]), bytes: Uint8Array.of(1, 2), none: Object.create(null) })`,
    )
    const own = { map: new Map([[new Set([1]), { a: [undefined] }]]), bytes: Uint8Array.of(1, 2), none: {} }
    for (const take of [again, copyPlain]) expect(take(foreign)).toStrictEqual(own)
    expect(() => check(foreign)).not.toThrow()
    expect(again(structuredClone(own))).toStrictEqual(own)
    for (const [text, name] of [
      ['new Date(0)', 'Date'],
      ['new (class Names extends Map {})()', 'Names'],
      ['new (class Point {})()', 'Point'],
    ] as const)
      expect(() => check(runInNewContext(text))).toThrow(`an instance of ${name}`)
  })

  it('what says of itself that it is a Map is none', () => {
    class Liar {
      readonly [Symbol.toStringTag] = 'Map'
    }
    expect(() => check(new Liar())).toThrow('an instance of Liar')
  })

  it.each([
    '',
    '{',
    '{"$map":[1]}',
    '{"$map":{}}',
    '{"$set":{}}',
    '{"$number":"1"}',
    '{"$number":"toString"}',
    '{"$bigint":"x"}',
    '{"$bytes":"!"}',
    '{"$bytes":5}',
    '{"$object":[]}',
    '{"$undefined":1}',
    '{"$other":1}',
  ])('does not understand %s', (text) => {
    expect(saying(text)).toThrow()
  })

  it('does not understand bytes that are no UTF-8, nor a big integer that takes long to read', () => {
    expect(saying(`{"$bigint":"${'9'.repeat(2_000)}"}`)).toThrow()
    expect(() => plainData.decode(Uint8Array.of(0x22, 0xff, 0x22))).toThrow()
  })
})

/** Objects without prototype arrive with one: a difference that toEqual sees. */
function withPrototypes(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (Array.isArray(value)) return Array.from(value, withPrototypes)
  if (value instanceof Map) return new Map([...value].map((entry) => withPrototypes(entry) as [unknown, unknown]))
  if (value instanceof Set) return new Set([...value].map(withPrototypes))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withPrototypes(item)]))
}
