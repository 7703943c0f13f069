import type { Address } from '../../address'
import { writeFrameLength } from '../../framing'

/** Tagged fields: tag 1 byte, length 2 bytes big-endian, value. A reader skips tags of later versions. */
export type Fields = ReadonlyMap<number, Uint8Array>

export const COUNT_BYTES = 8
const FIELD_HEADER_BYTES = 3
const ID_BYTES = 16

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

/** `undefined` for bytes that end within a field or repeat one. Values are copies. */
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

export function writeCount(target: Uint8Array, offset: number, count: number): void {
  writeFrameLength(target, offset, Math.floor(count / 2 ** 32))
  writeFrameLength(target, offset + 4, count >>> 0)
}

export function readCount(bytes: Uint8Array, offset: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, COUNT_BYTES)
  return view.getUint32(0) * 2 ** 32 + view.getUint32(4)
}

export function countField(count: number): Uint8Array {
  const bytes = new Uint8Array(COUNT_BYTES)
  writeCount(bytes, 0, count)
  return bytes
}

/** `undefined` if the field is missing, or not a count. */
export function countIn(fields: Fields, tag: number): number | undefined {
  const bytes = fields.get(tag)
  const count = bytes?.length === COUNT_BYTES ? readCount(bytes, 0) : undefined
  return Number.isSafeInteger(count) ? count : undefined
}

export const idField = (id: string) => Buffer.from(id, 'hex')

export function idIn(fields: Fields, tag: number): string | undefined {
  const bytes = fields.get(tag)
  return bytes?.length === ID_BYTES ? Buffer.from(bytes).toString('hex') : undefined
}

export function addressField({ host, port }: Address): Uint8Array {
  return Buffer.concat([Uint8Array.of(port >>> 8, port), Buffer.from(host, 'utf8')])
}

export function addressIn(fields: Fields, tag: number): Address | undefined {
  const bytes = fields.get(tag)
  if (bytes === undefined || bytes.length < 2) return undefined
  const port = Buffer.from(bytes).readUInt16BE(0)
  const host = Buffer.from(bytes.subarray(2)).toString('utf8')
  return port === 0 || host.length > 255 ? undefined : { host, port }
}
