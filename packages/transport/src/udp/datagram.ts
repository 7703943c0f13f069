/**
 * A datagram: MAGIC, the incarnations of sender and receiver (6 bytes each; 0 if that of the receiver is unknown), the lengths of greeting and
 * path (2 bytes each), the greeting, the path in UTF-8, and the body: the rest. Numbers are big-endian. A datagram without a path has no body and
 * carries no message. The last byte of MAGIC is the version of this layout; greetings have versions of their own.
 */
const MAGIC: Uint8Array = Uint8Array.of(0x55, 0x50, 0x4e, 2)
const FROM_AT = MAGIC.length
const TO_AT = FROM_AT + 6
const GREETING_AT = TO_AT + 6
const PATH_AT = GREETING_AT + 2
export const HEADER_BYTES = PATH_AT + 2
const LONGEST_PATH_BYTES = 0xffff

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })
const NOTHING = new Uint8Array(0)

/**
 * What was wrong with a datagram: it is too short for a header; it has another protocol or version; its greeting ends beyond it; its path does, or is
 * not UTF-8.
 */
export type MalformedReason = 'too-short' | 'not-ours' | 'bad-greeting' | 'bad-path'

export interface Header {
  /** The sender's incarnation. */
  readonly from: number
  /** The incarnation of the receiver, or 0 if the sender does not know it. */
  readonly to: number
  /** Empty if there is none. A view of the datagram. */
  readonly greeting: Uint8Array
}

export interface Datagram extends Header {
  /** Empty if there is no message. */
  readonly path: string
  /** A view of the datagram. */
  readonly body: Uint8Array
}

/** Throws `RangeError` for an empty path, or one of more than 65,535 bytes. */
export function encodeMessage(header: Header, path: string, body: Uint8Array): Uint8Array {
  const pathBytes = encoder.encode(path)
  if (pathBytes.length === 0 || pathBytes.length > LONGEST_PATH_BYTES)
    throw new RangeError(`path: expected 1 to ${LONGEST_PATH_BYTES} bytes, found ${pathBytes.length}`)
  return encode(header, pathBytes, body)
}

export const encodeBare = (header: Header): Uint8Array => encode(header, NOTHING, NOTHING)

function encode({ from, to, greeting }: Header, path: Uint8Array, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + greeting.length + path.length + body.length)
  bytes.set(MAGIC)
  writeNumber(bytes, FROM_AT, 6, from)
  writeNumber(bytes, TO_AT, 6, to)
  writeNumber(bytes, GREETING_AT, 2, greeting.length)
  writeNumber(bytes, PATH_AT, 2, path.length)
  bytes.set(greeting, HEADER_BYTES)
  bytes.set(path, HEADER_BYTES + greeting.length)
  bytes.set(body, HEADER_BYTES + greeting.length + path.length)
  return bytes
}

export function decodeDatagram(bytes: Uint8Array): Datagram | MalformedReason {
  if (bytes.length < HEADER_BYTES) return 'too-short'
  for (let i = 0; i < MAGIC.length; i++) if (bytes[i] !== MAGIC[i]) return 'not-ours'
  const from = readNumber(bytes, FROM_AT, 6)
  if (from === 0) return 'not-ours'
  const pathAt = HEADER_BYTES + readNumber(bytes, GREETING_AT, 2)
  const pathBytes = readNumber(bytes, PATH_AT, 2)
  const bodyAt = pathAt + pathBytes
  if (pathAt > bytes.length) return 'bad-greeting'
  if (bodyAt > bytes.length || (pathBytes === 0 && bodyAt < bytes.length)) return 'bad-path'
  try {
    return {
      from,
      to: readNumber(bytes, TO_AT, 6),
      greeting: bytes.subarray(HEADER_BYTES, pathAt),
      path: decoder.decode(bytes.subarray(pathAt, bodyAt)),
      body: bytes.subarray(bodyAt),
    }
  } catch {
    return 'bad-path'
  }
}

function writeNumber(bytes: Uint8Array, at: number, length: number, value: number): void {
  for (let i = at + length - 1, rest = value; i >= at; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256
}

function readNumber(bytes: Uint8Array, at: number, length: number): number {
  let value = 0
  for (let i = at; i < at + length; i++) value = value * 256 + (bytes[i] as number)
  return value
}
