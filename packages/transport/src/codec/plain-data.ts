import { checkPlain } from './plain-size'
import { BIGINT_DIGITS_LIMIT, entriesOf, MESSAGE_DEPTH, membersOf, sortOf } from './plain-values'

/** Says messages in bytes, and understands them. Both throw for what they cannot. */
export interface Codec {
  /** Throws `TypeError` for what would arrive as something else. */
  encode(message: unknown): Uint8Array
  /** Gives what the sender's `encode` was given, or its equal as data. The bytes are a view of a larger array. */
  decode(bytes: Uint8Array): unknown
  /**
   * Throws `TypeError` for a value that cannot be encoded within a message, `RangeError` for one of more bytes. Cheaper than `encode`,
   * which stands in for it.
   */
  check?(value: unknown, limitBytes: number): void
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Plain data as JSON: null, booleans, strings, numbers of every kind, arrays by their elements, and objects by their own enumerable
 * properties; besides what JSON has no words for: `undefined`, big integers of up to 1,000 digits, `Map`, `Set` and `Uint8Array` (a
 * `Buffer` arrives as one). It throws for all else: functions, symbols, `Date`, instances of classes, values nested deeper than 200
 * (messages 256, for algorithms wrap values).
 */
export const plainData: Codec = {
  encode: (message) => encoder.encode(JSON.stringify(pack(message, []))),
  decode: (bytes) => unpack(JSON.parse(decoder.decode(bytes)), 0),
  check: checkPlain,
}

/** What JSON cannot say is an object with one key, which begins with this sign; and so is an object that looks like one. */
const SIGN = '$'

/** @param keys the way to this value from the message */
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

function packRecord(value: object, keys: string[]): object {
  const packed = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, packItem(item, key, keys)]))
  return signOf(packed) === undefined ? packed : { $object: packed }
}

const packAll = (values: readonly unknown[], keys: string[]) => Array.from(values, (item, i) => packItem(item, String(i), keys))

function packItem(item: unknown, key: string, keys: string[]): unknown {
  keys.push(key)
  const packed = pack(item, keys)
  keys.pop()
  return packed
}

/** The one key of an object that stands for something else. */
function signOf(json: object): string | undefined {
  const [key, ...others] = Object.keys(json)
  return key?.startsWith(SIGN) === true && others.length === 0 ? key : undefined
}

function unpack(json: unknown, depth: number): unknown {
  if (depth > 2 * MESSAGE_DEPTH) throw new TypeError('expected data that is not nested so deep')
  if (typeof json !== 'object' || json === null) return json
  if (Array.isArray(json)) return json.map((item) => unpack(item, depth + 1))
  const sign = signOf(json)
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
