import { printable } from '@upon/contract'

/** The sort of a value as plain data; an `atom` contains no other values. */
export type Sort = 'atom' | 'array' | 'map' | 'set' | 'bytes' | 'record'

/** How deep a value that an application submits may be nested. */
export const PAYLOAD_DEPTH = 200
/** How deep a message may be nested: algorithms wrap the values of the application. */
export const MESSAGE_DEPTH = PAYLOAD_DEPTH + 56
/** The most digits of a big integer: the time to read one grows with the square of its digits. */
export const BIGINT_DIGITS_LIMIT = 1_000

/**
 * The sort of `value`. Throws `TypeError` if it is not plain data, or nested too deep.
 * @param keys the path to this value
 */
export function sortOf(value: unknown, keys: readonly string[], depthLimit: number): Sort {
  if (keys.length > depthLimit) return refuse(`data nested deeper than ${depthLimit}: it may contain itself`, keys.slice(0, 3))
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'undefined':
      return 'atom'
    case 'bigint':
      return isShort(value) ? 'atom' : refuse(`a big integer of more than ${BIGINT_DIGITS_LIMIT} digits`, keys)
    case 'object':
      return value === null ? 'atom' : sortOfObject(value, keys)
    default:
      return refuse(`a ${typeof value}`, keys)
  }
}

const LONGEST_BIGINT = 10n ** BigInt(BIGINT_DIGITS_LIMIT)
const isShort = (value: bigint) => value < LONGEST_BIGINT && value > -LONGEST_BIGINT

/** Objects of other realms (a frame, `vm`, a test environment) count, too: prototypes are recognised by their place in the chain, not by identity. */
function sortOfObject(value: object, keys: readonly string[]): Sort {
  if (Array.isArray(value)) return 'array'
  if (isBytes(value)) return 'bytes'
  const prototype: object | null = Object.getPrototypeOf(value)
  const above: object | null = prototype === null ? null : Object.getPrototypeOf(prototype)
  if (above === null) return Object.getOwnPropertySymbols(value).length === 0 ? 'record' : refuse('a property whose key is a symbol', keys)
  if (Object.getPrototypeOf(above) === null) {
    const name = (value as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag]
    if (name === 'Map' && has(mapSize, value)) return 'map'
    if (name === 'Set' && has(setSize, value)) return 'set'
  }
  return refuse(`an instance of ${prototype?.constructor?.name || 'a class'}`, keys)
}

const getter = (prototype: object, key: PropertyKey) => Object.getOwnPropertyDescriptor(prototype, key)?.get as (this: unknown) => unknown
const mapSize = getter(Map.prototype, 'size')
const setSize = getter(Set.prototype, 'size')
const typedArrayName = getter(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)

const isBytes = (value: object): value is Uint8Array => ArrayBuffer.isView(value) && typedArrayName.call(value) === 'Uint8Array'

/** Whether the object has the internal slot that the getter of a built-in class reads. No other object has it, whatever its tag says. */
function has(get: (this: unknown) => unknown, value: object): boolean {
  try {
    get.call(value)
    return true
  } catch {
    return false
  }
}

export const entriesOf = (map: unknown): [unknown, unknown][] => [...Map.prototype.entries.call(map as Map<unknown, unknown>)]
export const membersOf = (set: unknown): unknown[] => [...Set.prototype.values.call(set as Set<unknown>)]

export function refuse(what: string, keys: readonly string[]): never {
  throw new TypeError(`a message cannot carry ${what}${keys.length === 0 ? '' : ` (at ${where(keys)})`}: it carries plain data`)
}

const where = (keys: readonly string[]) => printable(keys.join('.'))
