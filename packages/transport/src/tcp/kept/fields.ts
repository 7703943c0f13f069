/** Tagged fields: tag 1 byte, length 2 bytes big-endian, value. Those of later versions are skipped by who does not know them. */
export type Fields = ReadonlyMap<number, Uint8Array>

const FIELD_HEADER_BYTES = 3

/** Throws `RangeError` for a value of more than 65,535 bytes. */
export function encodeFields(fields: readonly (readonly [tag: number, value: Uint8Array])[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((length, [, value]) => length + FIELD_HEADER_BYTES + value.length, 0))
  let at = 0
  for (const [tag, value] of fields) {
    if (value.length > 0xffff) throw new RangeError(`expected a field of at most 65535 bytes, found ${value.length}`)
    bytes[at] = tag
    bytes[at + 1] = value.length >>> 8
    bytes[at + 2] = value.length
    bytes.set(value, at + FIELD_HEADER_BYTES)
    at += FIELD_HEADER_BYTES + value.length
  }
  return bytes
}

/** `undefined` for what ends within a field, or says one twice. Values are copies. */
export function decodeFields(bytes: Uint8Array): Fields | undefined {
  const fields = new Map<number, Uint8Array>()
  let at = 0
  while (at < bytes.length) {
    const [tag, high, low] = [bytes[at], bytes[at + 1], bytes[at + 2]]
    if (tag === undefined || high === undefined || low === undefined || fields.has(tag)) return undefined
    const start = at + FIELD_HEADER_BYTES
    at = start + high * 256 + low
    if (at > bytes.length) return undefined
    fields.set(tag, new Uint8Array(bytes.subarray(start, at)))
  }
  return fields
}
