/** Says messages in bytes, and understands them. Both throw for what they cannot: that is a datagram dropped or refused, and counted. */
export interface Codec {
  encode(message: unknown): Uint8Array
  /** Whatever it returns is what the sender's `encode` was given, or equal to it as data. The bytes are a view: copy what is to be kept. */
  decode(bytes: Uint8Array): unknown
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Plain data as JSON, for examples and tests; `undefined` (⊥) included, as `{"⊥":true}`. Refuses with `TypeError` what would arrive as
 * something else: functions, symbols, big integers, numbers that are not finite, and objects of classes, `Map` and `Set` among them.
 */
export const jsonCodec: Codec = {
  encode: (message) => encoder.encode(JSON.stringify(toJson(message))),
  decode: (bytes) => fromJson(JSON.parse(decoder.decode(bytes))),
}

const BOTTOM = '⊥'

function toJson(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      if (!Number.isFinite(value)) break
      return value
    case 'undefined':
      return { [BOTTOM]: true }
    case 'object': {
      if (value === null) return value
      if (Array.isArray(value)) return Array.from(value, toJson)
      if (isPlain(value)) return objectToJson(value)
    }
  }
  throw new TypeError(`expected plain data, found ${typeof value === 'number' ? value : Object.prototype.toString.call(value)}`)
}

/** An object with ⊥ for its only key is wrapped in another one, so that it is not taken for the sign. */
function objectToJson(value: object): object {
  const entries = Object.entries(value).map(([key, item]) => [key, toJson(item)] as const)
  const json = Object.fromEntries(entries)
  return isMarked(json) ? { [BOTTOM]: json } : json
}

function fromJson(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(fromJson)
  if (typeof json !== 'object' || json === null) return json
  if (!isMarked(json)) return fields(json)
  const marked = json[BOTTOM]
  if (marked === true) return undefined
  if (typeof marked !== 'object' || marked === null || !isMarked(marked)) throw new SyntaxError('a sign that stands for nothing')
  return fields(marked)
}

const fields = (json: object): object => Object.fromEntries(Object.entries(json).map(([key, item]) => [key, fromJson(item)]))

const isMarked = (json: object): json is { readonly [BOTTOM]: unknown } => BOTTOM in json && Object.keys(json).length === 1

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}
