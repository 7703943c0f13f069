import { canonicalWith } from '@upon/contract'
import { clipped } from './clipped'
import { ExactNumber, numberOf } from './json/exact-number'

/**
 * Plain data in JSON: `undefined` (⊥) as `{"⊥":true}`, numbers that JSON or a double cannot hold as `{"⊥":"NaN"}`, `{"⊥":"9007199254740993"}`,
 * Maps, Sets and bytes as `{"⊥":{"map":[["k",1]]}}`, `{"⊥":{"set":[1]}}`, `{"⊥":{"bytes":[255]}}`. `decode` is the inverse.
 */
export function encode(value: unknown): unknown {
  if (value === undefined) return { '⊥': true }
  if (typeof value === 'number' && !Number.isFinite(value)) return { '⊥': String(value) }
  if (Object.is(value, -0)) return { '⊥': '-0' }
  if (typeof value === 'bigint') return { '⊥': `${value}n` }
  if (value instanceof ExactNumber) return { '⊥': value.text }
  if (Array.isArray(value)) return value.map(encode)
  if (value instanceof Map) return { '⊥': { map: encode([...value]) } }
  if (value instanceof Set) return { '⊥': { set: encode([...value]) } }
  if (value instanceof Uint8Array) return { '⊥': { bytes: [...value] } }
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
  if ('⊥' in Object(escaped)) return { '⊥': decode(escaped['⊥']) }
  const collection = decodeCollection(Object(mark))
  if (collection === undefined) throw new RangeError('{"⊥": ...} has an unknown value')
  return collection
}

const isPair = (item: unknown): item is [unknown, unknown] => Array.isArray(item) && item.length === 2

function decodeCollection(mark: object): object | undefined {
  const [[kind, items] = [], ...others] = Object.entries(mark)
  if (others.length > 0 || !Array.isArray(items)) return undefined
  const all: unknown[] = items.map(decode)
  if (kind === 'set') return new Set(all)
  if (kind === 'map') return all.every(isPair) ? new Map(all) : undefined
  const bytes = Uint8Array.from(items)
  return kind === 'bytes' && bytes.every((byte, i) => byte === items[i]) ? bytes : undefined
}

const known = new WeakMap<object, string>()
const textOf = canonicalWith((value) => (value instanceof ExactNumber ? value.text : known.get(value)))

/**
 * The canonical form of the contract, in which a number that a double cannot hold is its exact text. Objects must not change after the
 * first call.
 */
export function canonical(value: unknown): string {
  const text = textOf(value)
  if (typeof value === 'object' && value !== null) known.set(value, text)
  return text
}

const LIMIT_SHOWN = 60

/** The canonical text of a value for people, clipped. */
export const shown = (value: unknown): string => clipped(canonical(value), LIMIT_SHOWN)
