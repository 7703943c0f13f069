/** The version of the format, the first byte of every frame. */
const VERSION = 1
const LONGEST_NAME_BYTES = 0xffff

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

/** The content of a frame: the sender, the path of the receiving instance, and the encoded message. */
export interface Envelope {
  readonly from: string
  readonly path: string
  /** A view of the frame. */
  readonly message: Uint8Array
}

/** Version, then `from` and `path`, each UTF-8 after its length in 2 bytes big-endian, then the message. Throws `RangeError` for names of more than 65,535 bytes. */
export function encodeEnvelope({ from, path, message }: Envelope): Uint8Array {
  const names = [from, path].map((name) => encoder.encode(name))
  const bytes = new Uint8Array(names.reduce((length, name) => length + 2 + name.length, 1 + message.length))
  bytes[0] = VERSION
  let at = 1
  for (const name of names) {
    if (name.length > LONGEST_NAME_BYTES)
      throw new RangeError(`expected a name of at most ${LONGEST_NAME_BYTES} bytes, found ${name.length}`)
    bytes[at] = name.length >>> 8
    bytes[at + 1] = name.length
    bytes.set(name, at + 2)
    at += 2 + name.length
  }
  bytes.set(message, at)
  return bytes
}

/** `undefined` for bytes that are not an envelope of this version. */
export function decodeEnvelope(bytes: Uint8Array): Envelope | undefined {
  if (bytes[0] !== VERSION) return undefined
  const names: string[] = []
  let at = 1
  for (let i = 0; i < 2; i++) {
    const [high, low] = [bytes[at], bytes[at + 1]]
    if (high === undefined || low === undefined) return undefined
    const end = at + 2 + high * 256 + low
    if (end > bytes.length) return undefined
    try {
      names.push(decoder.decode(bytes.subarray(at + 2, end)))
    } catch {
      return undefined
    }
    at = end
  }
  const [from, path] = names as [string, string]
  return { from, path, message: bytes.subarray(at) }
}
