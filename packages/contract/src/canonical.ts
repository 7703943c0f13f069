/**
 * A value as text: the same text for equal values, on any machine, and different texts for different values. Use it to compare payloads that
 * have crossed a network, and for signing. Values are plain data: `undefined` (⊥), booleans, numbers, bigints, texts, bytes, lists, records,
 * Maps and Sets. The order in Maps and Sets has no meaning. Other objects count as records of their fields.
 */
export function canonical(value: unknown): string {
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
      return value === null ? 'null' : ofObject(value)
    default:
      return String(value)
  }
}

function ofObject(value: object): string {
  if (Array.isArray(value)) return `[${Array.from(value, canonical).join()}]`
  if (value instanceof Map) return `M{${[...value].map(([k, v]) => `${canonical(k)}:${canonical(v)}`).sort()}}`
  if (value instanceof Set) return `S{${[...value].map(canonical).sort()}}`
  if (ArrayBuffer.isView(value)) return `B[${Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)).join()}]`
  const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`)
  return `{${fields.sort()}}`
}
