import { checkPlain } from './plain-size'
import { BIGINT_DIGITS_LIMIT, entriesOf, MESSAGE_DEPTH, membersOf, sortOf } from './plain-values'

/** Encodes messages as bytes, and decodes them. Both throw for invalid input. */
export interface Codec {
  /** Throws `TypeError` for a message that would arrive as a different one. */
  encode(message: unknown): Uint8Array
  /** Returns an equal of the message that the sender encoded. The bytes are a view of a larger array. */
  decode(bytes: Uint8Array): unknown
  /**
   * Throws `TypeError` for a value that cannot be part of a message, `RangeError` for one of more bytes. Without it, `encode` is used, which
   * costs more.
   */
  check?(value: unknown, limitBytes: number): void
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Plain data as JSON: null, booleans, strings, numbers of every kind, arrays by their elements, and objects by their own enumerable
 * properties; and what JSON lacks: `undefined`, big integers of up to 1,000 digits, `Map`, `Set` and `Uint8Array` (a `Buffer` arrives as
 * a `Uint8Array`). It throws for everything else: functions, symbols, `Date`, instances of classes, values nested deeper than 200
 * (messages 256, because algorithms wrap values).
 */
export const plainData: Codec = {
  encode: (message) => encoder.encode(JSON.stringify(pack(message, []))),
  decode: (bytes) => unpack(JSON.parse(decoder.decode(bytes)), 0),
  check: checkPlain,
}

/** A value that JSON lacks is an object with one key that begins with this sign; so is a plain object that looks like such a value. */
const SIGN = '$'

/** @param keys the path from the message to this value */
function pack(value: unknown, keys: string[]): unknown {
  switch (sortOf(value, keys, MESSAGE_DEPTH)) {
    case 'atom':
      return packAtom(value)
    case 'array':
      return packAll(value as unknown[], keys)
    case 'map':
      return { $map: packAll(entriesOf(value), keys) }
    case 'set':
      return { $set: packAll(membersOf(value), keys) }
    case 'bytes':
      return { $bytes: packBytes(value as Uint8Array) }
    case 'record':
      return packRecord(value as object, keys)
  }
}

function packAtom(value: unknown): unknown {
  if (value === undefined) return { $undefined: true }
  if (typeof value === 'bigint') return { $bigint: String(value) }
  if (typeof value !== 'number' || (Number.isFinite(value) && !Object.is(value, -0))) return value
  return { $number: Object.is(value, -0) ? '-0' : String(value) }
}

const packBytes = (value: Uint8Array) => Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')

/** A record of which nothing has to be packed stands for itself: most do, and a copy costs more than its text. */
function packRecord(value: object, keys: string[]): object {
  let isPlain = true
  const names = Object.keys(value)
  const items = names.map((name) => {
    const item = (value as Record<string, unknown>)[name]
    const packed = packItem(item, name, keys)
    isPlain &&= packed === item
    return packed
  })
  const record = isPlain ? value : Object.fromEntries(names.map((name, i) => [name, items[i]]))
  return signOf(names) === undefined ? record : { $object: record }
}

const packAll = (values: readonly unknown[], keys: string[]) => Array.from(values, (item, i) => packItem(item, String(i), keys))

function packItem(item: unknown, key: string, keys: string[]): unknown {
  keys.push(key)
  const packed = pack(item, keys)
  keys.pop()
  return packed
}

/** The only key of an object that stands for another value, of all its keys. */
function signOf(names: readonly string[]): string | undefined {
  return names.length === 1 && names[0]?.startsWith(SIGN) === true ? names[0] : undefined
}

function unpack(json: unknown, depth: number): unknown {
  if (depth > 2 * MESSAGE_DEPTH) throw new TypeError('expected data that is not nested so deep')
  if (typeof json !== 'object' || json === null) return json
  if (Array.isArray(json)) return json.map((item) => unpack(item, depth + 1))
  const sign = signOf(Object.keys(json))
  return sign === undefined ? unpackFields(json, depth) : unpackSigned(sign, (json as Record<string, unknown>)[sign], depth)
}

const unpackFields = (json: object, depth: number) =>
  Object.fromEntries(Object.entries(json).map(([key, item]) => [key, unpack(item, depth + 1)]))

const NUMBERS: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity: Infinity, '-Infinity': -Infinity, '-0': -0 }

function unpackSigned(sign: string, json: unknown, depth: number): unknown {
  const text = typeof json === 'string' ? json : ''
  if (sign === '$undefined' && json === true) return undefined
  if (sign === '$number' && Object.hasOwn(NUMBERS, text)) return NUMBERS[text]
  if (sign === '$bigint' && text.length <= BIGINT_DIGITS_LIMIT && /^-?\d+$/.test(text)) return BigInt(text)
  if (sign === '$bytes' && typeof json === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(json))
    return Uint8Array.from(Buffer.from(json, 'base64'))
  if (sign === '$object' && typeof json === 'object' && json !== null && !Array.isArray(json)) return unpackFields(json, depth + 1)
  if (sign === '$set' && Array.isArray(json)) return new Set(unpack(json, depth + 1) as unknown[])
  if (sign === '$map' && Array.isArray(json) && json.every((entry) => Array.isArray(entry) && entry.length === 2))
    return new Map(unpack(json, depth + 1) as [unknown, unknown][])
  throw new TypeError(`expected plain data, found ${sign}`)
}
