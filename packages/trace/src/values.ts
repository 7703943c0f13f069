import { ExactNumber, numberOf } from './json/exact-number'

/**
 * Plain data in JSON: `undefined` (⊥) as `{"⊥":true}`, numbers that JSON or a double cannot hold as `{"⊥":"NaN"}`, `{"⊥":"9007199254740993"}`.
 * `decode` is the inverse.
 */
export function encode(value: unknown): unknown {
  if (value === undefined) return { '⊥': true }
  if (typeof value === 'number' && !Number.isFinite(value)) return { '⊥': String(value) }
  if (typeof value === 'bigint') return { '⊥': `${value}n` }
  if (value instanceof ExactNumber) return { '⊥': value.text }
  if (Array.isArray(value)) return value.map(encode)
  if (value instanceof Map || value instanceof Set) return encode([...value])
  if (value instanceof Uint8Array) return encode([...value])
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, encode(item)])
  const encoded = Object.fromEntries(entries)
  return entries.length === 1 && entries[0]![0] === '⊥' ? { '⊥': [encoded] } : encoded
}

/** Throws RangeError for `{"⊥": ...}` that `encode` never makes. */
export function decode(value: unknown): unknown {
  if (value instanceof ExactNumber) return value
  if (Array.isArray(value)) return value.map(decode)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  if (entries.length === 1 && entries[0]![0] === '⊥') return decodeMark(entries[0]![1])
  return Object.fromEntries(entries.map(([key, item]) => [key, decode(item)]))
}

const WHOLE = /^-?\d+n$/
const DECIMAL = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/

function decodeMark(mark: unknown): unknown {
  if (mark === true) return undefined
  if (mark === 'NaN' || mark === 'Infinity' || mark === '-Infinity') return Number(mark)
  if (typeof mark === 'string' && WHOLE.test(mark)) return BigInt(mark.slice(0, -1))
  if (typeof mark === 'string' && DECIMAL.test(mark)) return numberOf(mark)
  const [escaped] = Array.isArray(mark) ? mark : []
  if (typeof escaped !== 'object' || escaped === null || !('⊥' in escaped))
    throw new RangeError('{"⊥": ...} has an unknown value; expected true, or a number as text')
  return { '⊥': decode(escaped['⊥']) }
}

const known = new WeakMap<object, string>()

/** A text that is equal exactly for values that are equal as data; the order of keys does not matter. Objects must not change after the first call. */
export function canonical(value: unknown): string {
  switch (typeof value) {
    case 'number':
    case 'boolean':
      return String(value)
    case 'undefined':
      return '⊥'
    case 'string':
      return JSON.stringify(value)
    case 'bigint':
      return `${value}n`
    case 'object': {
      if (value === null) return 'null'
      if (value instanceof ExactNumber) return value.text
      let text = known.get(value)
      if (text === undefined) {
        text = canonicalObject(value)
        known.set(value, text)
      }
      return text
    }
    default:
      return String(value)
  }
}

function canonicalObject(value: object): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (value instanceof Map || value instanceof Set) return canonical([...value])
  if (value instanceof Uint8Array) return canonical([...value])
  const keys = Object.keys(value).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical((value as Record<string, unknown>)[key])}`).join()}}`
}

const LIMIT_SHOWN = 60

/** The canonical text of a value for people, clipped. */
export function shown(value: unknown): string {
  const text = canonical(value)
  return text.length > LIMIT_SHOWN ? `${text.slice(0, LIMIT_SHOWN - 1)}…` : text
}
