import type { Address } from '../../address'
import { FRAME_HEADER_BYTES, writeFrameLength } from '../../framing'
import { decodeFields, encodeFields, type Fields } from './fields'

/**
 * The first four bytes of a kept connection, in both directions. As a frame length they would be above 4 GB: no classic frame begins so.
 *
 * opener:   MAGIC, frame(hello), and after the answer: frames
 * acceptor: MAGIC, frame(answer), and unless that refuses: a count now and then, of the frames of the session that have been taken, 8 bytes
 *
 * hello:  lowest and highest version spoken, a byte each; fields
 * answer: the version chosen, a byte, 0 if there is none in common; fields
 *
 * That much is the same in all versions: fields of unknown tags are skipped, and the version chosen says what follows. All numbers are big-endian.
 */
export const MAGIC: Uint8Array = Uint8Array.of(0xff, 0x55, 0x50, 0x4e)

/** Version 1 had no fields. */
const LOWEST_VERSION = 2
const HIGHEST_VERSION = 2

export const COUNT_BYTES = 8
/** The longest `hello` that an endpoint may give, and the longest hello or answer that is read: room for what versions to come add. */
export const PAYLOAD_LIMIT_BYTES = 16 * 1024
export const GREETING_LIMIT_BYTES = 32 * 1024
const TEXT_LIMIT_BYTES = 1_000
const ID_BYTES = 16

const TAG = {
  incarnation: 1,
  payload: 2,
  session: 3,
  dropped: 4,
  address: 5,
  connection: 6,
  expected: 7,
  doubtful: 8,
  taken: 9,
  refusal: 10,
} as const

/** What either end says of itself. */
export interface Introduction {
  /** 16 random bytes in hexadecimal: one start of an endpoint. */
  readonly incarnation: string
  /** What the layer above has to say. */
  readonly payload: Uint8Array
}

export interface Hello extends Introduction {
  /** 16 random bytes in hexadecimal: one sending endpoint's traffic to one peer, since it was made or last forgot the peer. */
  readonly session: string
  /** Frames of the session that were acknowledged and are gone: the first that can still come has this index. */
  readonly dropped: number
  /** Where the opener listens, as it says. */
  readonly address: Address
  /** Grows with each connection of the session. */
  readonly connection: number
  /** The incarnation that answered on an earlier connection of this session. */
  readonly expected: string | undefined
  /** That incarnation may have taken frames that it did not acknowledge. */
  readonly doubtful: boolean
}

/**
 * Why a hello is refused. `differs`: the layer above does not want it. `given-up`: the opener's incarnation is over for the acceptor. `forgotten`: the acceptor
 * no longer knows what it has taken of the session. `replaced`: the acceptor is not the incarnation that the opener knew. `version`: none in common.
 */
export type RefusalCode = 'differs' | 'given-up' | 'forgotten' | 'replaced' | 'version'

/** In the order of their numbers on the wire, from 1. Never change one. */
const REFUSAL_CODES: readonly RefusalCode[] = ['differs', 'given-up', 'forgotten', 'replaced', 'version']

export interface Refusal {
  readonly code: RefusalCode
  readonly text: string
}

export interface Answer extends Introduction {
  /** Frames of the session that have been taken. */
  readonly taken: number
  readonly refusal: Refusal | undefined
}

export function writeCount(target: Uint8Array, offset: number, count: number): void {
  writeFrameLength(target, offset, Math.floor(count / 2 ** 32))
  writeFrameLength(target, offset + 4, count >>> 0)
}

export function readCount(bytes: Uint8Array, offset: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, COUNT_BYTES)
  return view.getUint32(0) * 2 ** 32 + view.getUint32(4)
}

function countField(count: number): Uint8Array {
  const bytes = new Uint8Array(COUNT_BYTES)
  writeCount(bytes, 0, count)
  return bytes
}

/** `undefined` where there is none, or none that is a count. */
function countIn(fields: Fields, tag: number): number | undefined {
  const bytes = fields.get(tag)
  const count = bytes?.length === COUNT_BYTES ? readCount(bytes, 0) : undefined
  return Number.isSafeInteger(count) ? count : undefined
}

const idField = (id: string) => Buffer.from(id, 'hex')

function idIn(fields: Fields, tag: number): string | undefined {
  const bytes = fields.get(tag)
  return bytes?.length === ID_BYTES ? Buffer.from(bytes).toString('hex') : undefined
}

function addressField({ host, port }: Address): Uint8Array {
  return Buffer.concat([Uint8Array.of(port >>> 8, port), Buffer.from(host, 'utf8')])
}

function addressIn(fields: Fields): Address | undefined {
  const bytes = fields.get(TAG.address)
  if (bytes === undefined || bytes.length < 2) return undefined
  const port = Buffer.from(bytes).readUInt16BE(0)
  const host = Buffer.from(bytes.subarray(2)).toString('utf8')
  return port === 0 || host.length > 255 ? undefined : { host, port }
}

function greeting(versions: Uint8Array, fields: readonly (readonly [number, Uint8Array])[]): Uint8Array {
  const body = Buffer.concat([versions, encodeFields(fields)])
  const header = new Uint8Array(FRAME_HEADER_BYTES)
  writeFrameLength(header, 0, body.length)
  return Buffer.concat([MAGIC, header, body])
}

/** The opener's first write. */
export function encodeHello(hello: Hello): Uint8Array {
  return greeting(Uint8Array.of(LOWEST_VERSION, HIGHEST_VERSION), [
    [TAG.incarnation, idField(hello.incarnation)],
    [TAG.payload, hello.payload],
    [TAG.session, idField(hello.session)],
    [TAG.dropped, countField(hello.dropped)],
    [TAG.address, addressField(hello.address)],
    [TAG.connection, countField(hello.connection)],
    ...(hello.expected === undefined ? [] : [[TAG.expected, idField(hello.expected)] as const]),
    ...(hello.doubtful ? [[TAG.doubtful, new Uint8Array(0)] as const] : []),
  ])
}

/** `undefined` when it is no hello of any version, 'version' when we speak none of its versions. */
export function decodeHello(body: Uint8Array): Hello | 'version' | undefined {
  const [lowest, highest] = [body[0], body[1]]
  if (lowest === undefined || highest === undefined || lowest > highest) return undefined
  const fields = decodeFields(body.subarray(2))
  if (fields === undefined) return undefined
  if (lowest > HIGHEST_VERSION || highest < LOWEST_VERSION) return 'version'
  const address = addressIn(fields)
  const [session, incarnation] = [idIn(fields, TAG.session), idIn(fields, TAG.incarnation)]
  const [dropped, connection] = [countIn(fields, TAG.dropped), countIn(fields, TAG.connection)]
  if (session === undefined || incarnation === undefined || address === undefined) return undefined
  if (dropped === undefined || connection === undefined) return undefined
  return {
    session,
    incarnation,
    address,
    dropped,
    connection,
    payload: fields.get(TAG.payload) ?? new Uint8Array(0),
    expected: idIn(fields, TAG.expected),
    doubtful: fields.has(TAG.doubtful),
  }
}

/** The acceptor's first write. */
export function encodeAnswer({ incarnation, payload, taken, refusal }: Answer): Uint8Array {
  return greeting(Uint8Array.of(refusal?.code === 'version' ? 0 : HIGHEST_VERSION), [
    [TAG.incarnation, idField(incarnation)],
    [TAG.payload, payload],
    [TAG.taken, countField(taken)],
    ...(refusal === undefined ? [] : [[TAG.refusal, refusalField(refusal)] as const]),
  ])
}

function refusalField({ code, text }: Refusal): Uint8Array {
  return Buffer.concat([Uint8Array.of(REFUSAL_CODES.indexOf(code) + 1), Buffer.from(text).subarray(0, TEXT_LIMIT_BYTES)])
}

/** A code that we do not know is of a later version: it counts as one of the layer above. */
function refusalIn(fields: Fields, version: number): Refusal | undefined {
  const bytes = fields.get(TAG.refusal)
  if (bytes === undefined || bytes.length === 0) return version === 0 ? { code: 'version', text: '' } : undefined
  return { code: REFUSAL_CODES[(bytes[0] as number) - 1] ?? 'differs', text: Buffer.from(bytes.subarray(1)).toString('utf8') }
}

/** `undefined` when it is no answer of a version that we speak. */
export function decodeAnswer(body: Uint8Array): Answer | undefined {
  const [version] = body
  const fields = decodeFields(body.subarray(1))
  if (version === undefined || fields === undefined) return undefined
  const refusal = refusalIn(fields, version)
  const [incarnation, taken] = [idIn(fields, TAG.incarnation), countIn(fields, TAG.taken)]
  const payload = fields.get(TAG.payload) ?? new Uint8Array(0)
  if (refusal !== undefined) return { incarnation: incarnation ?? '', taken: taken ?? 0, payload, refusal }
  if (version < LOWEST_VERSION || version > HIGHEST_VERSION || incarnation === undefined || taken === undefined) return undefined
  return { incarnation, taken, payload, refusal }
}
