/**
 * A datagram: MAGIC, the length of the path 2 bytes big-endian, the path UTF-8, and the body: the rest, which may be empty.
 * The last byte of MAGIC is the version.
 */
const MAGIC: Uint8Array = Uint8Array.of(0x55, 0x50, 0x4e, 1)
export const HEADER_BYTES = MAGIC.length + 2
const LONGEST_PATH_BYTES = 0xffff

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

/** What was wrong with a datagram: too short for a header, of something or some version else, no path or one that ends beyond it or is no UTF-8. */
export type MalformedReason = 'too-short' | 'not-ours' | 'bad-path'

export interface Datagram {
  readonly path: string
  /** A view of the datagram. */
  readonly body: Uint8Array
}

/** Throws `RangeError` for a path of no bytes, or of more than 65,535. */
export function encodeDatagram(path: string, body: Uint8Array): Uint8Array {
  const pathBytes = encoder.encode(path)
  if (pathBytes.length === 0 || pathBytes.length > LONGEST_PATH_BYTES)
    throw new RangeError(`path: expected 1 to ${LONGEST_PATH_BYTES} bytes, found ${pathBytes.length}`)
  const bytes = new Uint8Array(HEADER_BYTES + pathBytes.length + body.length)
  bytes.set(MAGIC)
  bytes[MAGIC.length] = pathBytes.length >>> 8
  bytes[MAGIC.length + 1] = pathBytes.length
  bytes.set(pathBytes, HEADER_BYTES)
  bytes.set(body, HEADER_BYTES + pathBytes.length)
  return bytes
}

export function decodeDatagram(bytes: Uint8Array): Datagram | MalformedReason {
  if (bytes.length < HEADER_BYTES) return 'too-short'
  for (let i = 0; i < MAGIC.length; i++) if (bytes[i] !== MAGIC[i]) return 'not-ours'
  const pathBytes = ((bytes[MAGIC.length] as number) << 8) | (bytes[MAGIC.length + 1] as number)
  const end = HEADER_BYTES + pathBytes
  if (pathBytes === 0 || end > bytes.length) return 'bad-path'
  try {
    return { path: decoder.decode(bytes.subarray(HEADER_BYTES, end)), body: bytes.subarray(end) }
  } catch {
    return 'bad-path'
  }
}
