import type { Address } from '../../address'
import { FRAME_HEADER_BYTES, writeFrameLength } from '../../framing'
import { addressField, addressIn, countField, countIn, decodeFields, encodeFields, type Fields, idField, idIn } from './fields'

/**
 * The first four bytes of a kept connection, in both directions. As a frame length they would exceed 4 GB, so no classic frame begins with them.
 *
 * opener:   MAGIC, frame(hello), and after the answer: frames
 * acceptor: MAGIC, frame(answer), and unless that refuses: counts of 8 bytes, of the frames of the session received so far
 *
 * hello:  lowest and highest version supported, a byte each; fields
 * answer: the version chosen, a byte, 0 if there is none in common; fields
 *
 * This much is the same in all versions. Fields with unknown tags are skipped, and the chosen version decides what follows. Numbers are big-endian.
 */
export const MAGIC: Uint8Array = Uint8Array.of(0xff, 0x55, 0x50, 0x4e)

/** Version 1 had no fields. */
const LOWEST_VERSION = 2
const HIGHEST_VERSION = 2

/** The longest payload that an endpoint may send, and the longest hello or answer that is read: it leaves room for later versions. */
export const PAYLOAD_LIMIT_BYTES = 16 * 1024
export const GREETING_LIMIT_BYTES = 32 * 1024
const TEXT_LIMIT_BYTES = 1_000

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

/** What each end says about itself. */
export interface Introduction {
  /** 16 random bytes in hexadecimal, for each start of an endpoint. */
  readonly incarnation: string
  /** The greeting of the layer above. */
  readonly payload: Uint8Array
}

export interface Hello extends Introduction {
  /** 16 random bytes in hexadecimal, for the traffic from one endpoint to one peer since it was created or last forgot the peer. */
  readonly session: string
  /** How many frames of the session were acknowledged and dropped: the first that can still arrive has this index. */
  readonly dropped: number
  /** Where the opener listens, as it announces. */
  readonly address: Address
  /** Grows with each connection of the session. */
  readonly connection: number
  /** The incarnation that answered on an earlier connection of this session. */
  readonly expected: string | undefined
  /** That incarnation may have taken frames that it did not acknowledge. */
  readonly doubtful: boolean
}

/**
 * Why a hello is refused. `differs`: the layer above refuses it. `given-up`: the acceptor has given up the incarnation of the opener. `forgotten`: the
 * acceptor no longer knows what it has received of the session. `replaced`: the acceptor is not the incarnation that the opener knew. `version`: there
 * is no version in common.
 */
export type RefusalCode = 'differs' | 'given-up' | 'forgotten' | 'replaced' | 'version'

/** In the order of their numbers on the wire, from 1. Never change a number. */
const REFUSAL_CODES: readonly RefusalCode[] = ['differs', 'given-up', 'forgotten', 'replaced', 'version']

export interface Refusal {
  readonly code: RefusalCode
  readonly text: string
}

export interface Answer extends Introduction {
  /** How many frames of the session were received. */
  readonly taken: number
  readonly refusal: Refusal | undefined
}

function greeting(versions: Uint8Array, fields: readonly (readonly [number, Uint8Array])[]): Uint8Array {
  const body = Buffer.concat([versions, encodeFields(fields)])
  const header = new Uint8Array(FRAME_HEADER_BYTES)
  writeFrameLength(header, 0, body.length)
  return Buffer.concat([MAGIC, header, body])
}

/** The first write of the opener. */
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

/** `undefined` for bytes that are not a hello of any version, `version` if none of its versions is supported here. */
export function decodeHello(body: Uint8Array): Hello | 'version' | undefined {
  const [lowest, highest] = [body[0], body[1]]
  if (lowest === undefined || highest === undefined || lowest > highest) return undefined
  const fields = decodeFields(body.subarray(2))
  if (fields === undefined) return undefined
  if (lowest > HIGHEST_VERSION || highest < LOWEST_VERSION) return 'version'
  const address = addressIn(fields, TAG.address)
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

/** The first write of the acceptor. */
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

/** An unknown code is from a later version: it counts as `differs`. */
function refusalIn(fields: Fields, version: number): Refusal | undefined {
  const bytes = fields.get(TAG.refusal)
  if (bytes === undefined || bytes.length === 0) return version === 0 ? { code: 'version', text: '' } : undefined
  return { code: REFUSAL_CODES[(bytes[0] as number) - 1] ?? 'differs', text: Buffer.from(bytes.subarray(1)).toString('utf8') }
}

/** `undefined` for bytes that are not an answer of a supported version. */
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
