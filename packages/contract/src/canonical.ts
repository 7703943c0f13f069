/**
 * A value as text: the same text for equal values, on any machine, and different texts for different values. Use it to compare payloads that
 * have crossed a network, and for signing. Values are plain data: `undefined` (⊥), booleans, numbers, bigints, texts, bytes, lists, records,
 * Maps and Sets. The order in Maps and Sets has no meaning. Other objects count as records of their fields.
 */
export const canonical = (value: unknown): string => textOf(value)

/** The canonical form in which `special` gives the text of the objects that it knows. */
export const canonicalWith =
  (special: Special) =>
  (value: unknown): string =>
    textOf(value, special)

type Special = (value: object) => string | undefined

function textOf(value: unknown, special?: Special): string {
  switch (typeof value) {
    case 'undefined':
      return '⊥'
    case 'string':
      return JSON.stringify(value)
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'bigint':
      return `${value}n`
    case 'object':
      return value === null ? 'null' : (special?.(value) ?? ofObject(value, (item) => textOf(item, special)))
    default:
      return String(value)
  }
}

function ofObject(value: object, text: (item: unknown) => string): string {
  if (Array.isArray(value)) return `[${Array.from(value, text).join()}]`
  if (value instanceof Map) return `M{${[...value].map(([k, v]) => `${text(k)}:${text(v)}`).sort()}}`
  if (value instanceof Set) return `S{${[...value].map(text).sort()}}`
  if (ArrayBuffer.isView(value)) return `B[${Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)).join()}]`
  const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}:${text(field)}`)
  return `{${fields.sort()}}`
}
