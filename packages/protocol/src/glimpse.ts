import { Type } from './type'

/** What a look at a message that travels tells. Nothing else of it is checked: for anything but to ignore it, it must be decoded. */
export interface Glimpse {
  /** `undefined` when it is too long to be of anybody. */
  readonly systemId: string | undefined
  readonly senderHost: string | undefined
  readonly senderListeningPort: number
  /** Of the message within. */
  readonly type: number
  readonly upon: number
}

/** No system or host that anybody takes part in has a longer name. */
const LONGEST_NAME_BYTES = 255
/** Fields at each level that are looked at. */
const LIMIT_FIELDS = 32

const [VARINT, FIXED_64, LENGTH_DELIMITED, FIXED_32] = [0, 1, 2, 5]

/** Where a field's content begins and ends, or its number if it is one. */
interface Field {
  readonly number: number
  readonly value: number
  readonly start: number
  readonly end: number
}

/**
 * Says whom a message is of without reading it: at a cost that does not grow with its length. As in `decode`, the last of a repeated field counts.
 * `undefined` if a few fields do not show it: it may be a message nevertheless.
 */
export function glimpse(bytes: Uint8Array): Glimpse | undefined {
  const outer = fieldsOf(bytes, 0, bytes.length)
  const network = outer?.get(NETWORK_MESSAGE)
  if (outer === undefined || network === undefined || numberOf(outer.get(TYPE)) !== Type.NETWORK_MESSAGE) return undefined
  const wrapped = fieldsOf(bytes, network.start, network.end)
  const message = wrapped?.get(MESSAGE)
  const inner = message && fieldsOf(bytes, message.start, message.end)
  if (wrapped === undefined || inner === undefined) return undefined
  const ofOuter = textOf(bytes, outer.get(SYSTEM_ID))
  return {
    systemId: ofOuter === '' ? textOf(bytes, inner.get(SYSTEM_ID)) : ofOuter,
    senderHost: textOf(bytes, wrapped.get(SENDER_HOST)),
    senderListeningPort: numberOf(wrapped.get(SENDER_PORT)),
    type: numberOf(inner.get(TYPE)),
    upon: numberOf(outer.get(UPON)) >>> 0,
  }
}

const key = (field: number, wireType: number) => (field << 3) | wireType
const TYPE = key(1, VARINT)
const SYSTEM_ID = key(5, LENGTH_DELIMITED)
const NETWORK_MESSAGE = key(6, LENGTH_DELIMITED)
const UPON = key(1000, VARINT)
const SENDER_HOST = key(1, LENGTH_DELIMITED)
const SENDER_PORT = key(2, VARINT)
const MESSAGE = key(3, LENGTH_DELIMITED)

const numberOf = (field: Field | undefined) => field?.value ?? 0

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

function textOf(bytes: Uint8Array, field: Field | undefined): string | undefined {
  if (field === undefined) return ''
  if (field.end - field.start > LONGEST_NAME_BYTES) return undefined
  let text = ''
  for (let at = field.start; at < field.end; at++) {
    const byte = bytes[at] as number
    if (byte >= 0x80) return decoder.decode(bytes.subarray(field.start, field.end))
    text += String.fromCharCode(byte)
  }
  return text
}

/** The fields of a message by their tags, or `undefined` if they are many, or do not fill it. */
function fieldsOf(bytes: Uint8Array, from: number, to: number): Map<number, Field> | undefined {
  const fields = new Map<number, Field>()
  let at = from
  for (let count = 0; at < to; count++) {
    if (count === LIMIT_FIELDS) return undefined
    const tag = varint(bytes, at, to)
    const field = tag && fieldAt(bytes, tag.end, to, tag.value)
    if (field === undefined) return undefined
    fields.set(field.number, field)
    at = field.end
  }
  return fields
}

function fieldAt(bytes: Uint8Array, at: number, to: number, number: number): Field | undefined {
  const wireType = number & 7
  if (wireType === VARINT) {
    const found = varint(bytes, at, to)
    return found && { number, value: found.value, start: at, end: found.end }
  }
  const length = wireType === LENGTH_DELIMITED ? varint(bytes, at, to) : undefined
  const start = length?.end ?? at
  const size = length ? length.value >>> 0 : wireType === FIXED_64 ? 8 : wireType === FIXED_32 ? 4 : undefined
  if (size === undefined || (wireType === LENGTH_DELIMITED && length === undefined) || start + size > to) return undefined
  return { number, value: 0, start, end: start + size }
}

/** The low 32 bits, signed. */
function varint(bytes: Uint8Array, from: number, to: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0
  for (let at = from, shift = 0; at < to && shift < 70; at++, shift += 7) {
    const byte = bytes[at] as number
    if (shift < 32) value |= (byte & 0x7f) << shift
    if (byte < 0x80) return { value, end: at + 1 }
  }
  return undefined
}
