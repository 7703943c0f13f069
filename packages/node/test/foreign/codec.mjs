// A minimal proto3 codec for the hub's messages, written by hand from the tables of the protocol description.

import { FIELDS, PAYLOADS } from './schema.mjs'

const TYPE_VALUE = new Map(PAYLOADS.map(([, , type, value]) => [type, value]))
const TYPE_NAME = new Map(PAYLOADS.map(([, , type, value]) => [value, type]))

/** Type name -> the name of the wrapper's field that carries it. */
export const PAYLOAD_FIELD = new Map(PAYLOADS.map(([, field, type]) => [type, field]))

const SCALARS = { string: '', int32: 0, bool: false, enum: 'NETWORK_MESSAGE' }
const VARINT = 0
const BYTES = 2
const DEPTH_LIMIT = 50

const varint = (value) => {
  const bytes = []
  let rest = BigInt.asUintN(64, BigInt(value))
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Buffer.from(bytes)
}

const lengthDelimited = (number, body) => [varint((number << 3) | BYTES), varint(body.length), body]

const encodeField = (number, type, value) => {
  if (value === undefined || value === null || value === SCALARS[type]) return [] // proto3: defaults do not travel
  if (type === 'string') return lengthDelimited(number, Buffer.from(value, 'utf8'))
  if (type === 'bool') return [varint(number << 3), varint(1)]
  if (type === 'int32') return [varint(number << 3), varint(value)]
  if (type === 'enum') return [varint(number << 3), varint(TYPE_VALUE.get(value) ?? value)]
  if (type.endsWith('*')) return value.flatMap((one) => lengthDelimited(number, encodeAs(type.slice(0, -1), one)))
  return lengthDelimited(number, encodeAs(type, value))
}

const encodeAs = (name, message) =>
  Buffer.concat(FIELDS[name].flatMap(([number, field, type]) => encodeField(number, type, message[field])))

/** The bytes of one wrapper message; its `type` is the name of the Type value. */
export const encode = (message) => encodeAs('Message', message)

class Reader {
  constructor(bytes) {
    this.bytes = bytes
    this.at = 0
  }
  varint() {
    let result = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (this.at >= this.bytes.length) throw new Error('truncated varint')
      const byte = this.bytes[this.at++]
      result |= BigInt(byte & 127) << shift
      if (byte < 128) return BigInt.asUintN(64, result)
    }
    throw new Error('varint of more than 10 bytes')
  }
  take(length) {
    if (length > this.bytes.length - this.at) throw new Error(`length ${length} beyond the end of its message`)
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }
  skip(wire, number, depth) {
    if (wire === VARINT) this.varint()
    else if (wire === 1) this.take(8)
    else if (wire === BYTES) this.take(Number(this.varint()))
    else if (wire === 5) this.take(4)
    else if (wire === 3 && depth < DEPTH_LIMIT) this.skipGroup(number, depth + 1)
    else throw new Error(`wire type ${wire} in field ${number}`)
  }
  skipGroup(number, depth) {
    for (;;) {
      const tag = Number(this.varint())
      if ((tag & 7) === 4 && tag >>> 3 === number) return
      this.skip(tag & 7, tag >>> 3, depth)
    }
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const defaults = (name) => {
  const message = {}
  for (const [, field, type] of FIELDS[name]) {
    if (type.endsWith('*')) message[field] = []
    else if (type in SCALARS) message[field] = SCALARS[type]
  }
  return message
}

const decodeScalar = (reader, type) => {
  if (type === 'string') return utf8.decode(reader.take(Number(reader.varint())))
  const raw = reader.varint()
  if (type === 'bool') return raw !== 0n
  const number = Number(BigInt.asIntN(32, raw))
  return type === 'enum' ? (TYPE_NAME.get(number) ?? number) : number
}

const decodeAs = (name, bytes, depth, message = defaults(name)) => {
  if (depth > DEPTH_LIMIT) throw new Error('nested too deep')
  const reader = new Reader(bytes)
  while (reader.at < bytes.length) {
    const tag = Number(reader.varint())
    if (tag > 0xffffffff) throw new Error(`tag ${tag} beyond 32 bits`)
    const number = tag >>> 3
    const wire = tag & 7
    if (number === 0) throw new Error('field number 0')
    const known = FIELDS[name].find(([n]) => n === number)
    const expected = known && (known[2] in SCALARS && known[2] !== 'string' ? VARINT : BYTES)
    if (!known || wire !== expected) {
      reader.skip(wire, number, depth)
      continue
    }
    const [, field, type] = known
    if (type in SCALARS) message[field] = decodeScalar(reader, type)
    else {
      const body = reader.take(Number(reader.varint()))
      if (type.endsWith('*')) message[field].push(decodeAs(type.slice(0, -1), body, depth + 1))
      else message[field] = decodeAs(type, body, depth + 1, message[field])
    }
  }
  return message
}

/** Reads one wrapper message. Scalars that are absent have their proto3 default; an unknown `type` stays a number. Throws on bytes that are not protobuf. */
export const decode = (bytes) => decodeAs('Message', bytes, 0)

/** One frame: the length as 4 bytes big endian, then the message. */
export const frame = (message) => {
  const body = encode(message)
  const out = Buffer.allocUnsafe(4 + body.length)
  out.writeUInt32BE(body.length, 0)
  body.copy(out, 4)
  return out
}
