import type { Address } from '../net/address'
import { FRAME_HEADER_BYTES, writeFrameLength } from './framing'

/**
 * The first four bytes of a kept connection, in both directions. As a frame length they would be above 4 GB: no classic frame begins so.
 *
 * opener:   MAGIC, frame(hello), and after the answer: frames
 * acceptor: MAGIC, count, and then a further count now and then
 *
 * hello: version 1 byte, session 16 bytes, the number of frames of the session that the opener has dropped 8 bytes, listening port 2 bytes, listening host UTF-8.
 * count: how many frames of the session have been taken so far, 8 bytes. All numbers are big-endian.
 */
export const MAGIC: Uint8Array = Uint8Array.of(0xff, 0x55, 0x50, 0x4e)

export const COUNT_BYTES = 8
const VERSION = 1
const SESSION_BYTES = 16
const FIXED_BYTES = 1 + SESSION_BYTES + COUNT_BYTES + 2
/** Enough for a host of 255 characters of four bytes. */
const HELLO_LIMIT_BYTES = FIXED_BYTES + 1_020

export interface Hello {
  /** 16 random bytes in hexadecimal: one sending endpoint's traffic to one peer, since it was made or last forgot the peer. */
  readonly session: string
  /** Frames of the session that were acknowledged and are gone: the first that can still come has this index. */
  readonly dropped: number
  /** Where the opener listens, as it says. */
  readonly address: Address
}

export function writeCount(target: Uint8Array, offset: number, count: number): void {
  writeFrameLength(target, offset, Math.floor(count / 2 ** 32))
  writeFrameLength(target, offset + 4, count >>> 0)
}

export function readCount(bytes: Uint8Array, offset: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, COUNT_BYTES)
  return view.getUint32(0) * 2 ** 32 + view.getUint32(4)
}

/** The opener's first write. */
export function encodeHello({ session, dropped, address }: Hello): Uint8Array {
  const host = Buffer.from(address.host, 'utf8')
  const start = MAGIC.length + FRAME_HEADER_BYTES
  const bytes = Buffer.alloc(start + FIXED_BYTES + host.length)
  bytes.set(MAGIC)
  writeFrameLength(bytes, MAGIC.length, FIXED_BYTES + host.length)
  bytes[start] = VERSION
  bytes.write(session, start + 1, SESSION_BYTES, 'hex')
  writeCount(bytes, start + 1 + SESSION_BYTES, dropped)
  bytes.writeUInt16BE(address.port, start + FIXED_BYTES - 2)
  bytes.set(host, start + FIXED_BYTES)
  return bytes
}

/** Undefined when it is not a hello of this version. */
export function decodeHello(body: Uint8Array): Hello | undefined {
  if (body.length < FIXED_BYTES || body.length > HELLO_LIMIT_BYTES || body[0] !== VERSION) return undefined
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length)
  const dropped = readCount(bytes, 1 + SESSION_BYTES)
  const port = bytes.readUInt16BE(FIXED_BYTES - 2)
  if (!Number.isSafeInteger(dropped) || port === 0) return undefined
  return { session: bytes.toString('hex', 1, 1 + SESSION_BYTES), dropped, address: { host: bytes.toString('utf8', FIXED_BYTES), port } }
}

/** The acceptor's first write. */
export function encodeAnswer(taken: number): Uint8Array {
  const bytes = new Uint8Array(MAGIC.length + COUNT_BYTES)
  bytes.set(MAGIC)
  writeCount(bytes, MAGIC.length, taken)
  return bytes
}

/** Reads the acceptor's side: the magic, then counts. */
export class CountReader {
  #pending: Uint8Array = new Uint8Array(0)
  #greeted = false

  /** Calls `onCount` with the last whole count of the chunk, if there is one. Returns false when the stream is not an acceptor's. */
  push(chunk: Uint8Array, onCount: (count: number) => void): boolean {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    let offset = 0
    if (!this.#greeted) {
      for (let i = 0; i < Math.min(MAGIC.length, bytes.length); i++) if (bytes[i] !== MAGIC[i]) return false
      if (bytes.length >= MAGIC.length) {
        this.#greeted = true
        offset = MAGIC.length
      }
    }
    const counts = this.#greeted ? Math.floor((bytes.length - offset) / COUNT_BYTES) : 0
    const end = offset + counts * COUNT_BYTES
    this.#pending = bytes.slice(end)
    if (counts > 0) onCount(readCount(bytes, end - COUNT_BYTES))
    return true
  }
}
