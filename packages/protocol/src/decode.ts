import { type AnyBody, bodyByFieldNumber, bodyByType, plainProcess } from './bodies'
import { ProtocolError } from './error'
import { upon as wire } from './gen/wire'
import { MAX_MESSAGE_BYTES, MAX_MESSAGE_DEPTH } from './limits'
import type { Message, NetworkMessage, ProcessId } from './message'
import { StrictReader } from './strict-reader'
import { Type, typeName } from './type'

/**
 * Reads one serialized `Message` (without the frame around it) into a plain object.
 *
 * Guaranteed of what it returns: `type` is one of `Type`, the body of that type is set and no other, at each level of nesting.
 * Strings are valid UTF-8; integers are int32. As protobuf has it, unknown fields are skipped, the last of a repeated field
 * counts, and of an integer that does not fit int32 the low 32 bits are taken. A body that comes twice is refused.
 *
 * @throws {ProtocolError} for everything else, whatever the bytes.
 */
export function decode(bytes: Uint8Array): Message {
  if (bytes.length > MAX_MESSAGE_BYTES) {
    throw new ProtocolError('too-long', `a message of at most ${MAX_MESSAGE_BYTES} bytes`, `${bytes.length} bytes`)
  }
  try {
    return readMessage(new StrictReader(bytes), 1)
  } catch (error) {
    throw asProtocolError(error, bytes)
  }
}

function asProtocolError(error: unknown, bytes: Uint8Array): ProtocolError {
  if (error instanceof ProtocolError) return error
  const { message } = error as Error
  const found = `${message}, in ${bytes.length} bytes`
  if (message === 'max depth exceeded') return new ProtocolError('too-deep', 'few groups within groups', 'more', { cause: error })
  if (error instanceof RangeError) return new ProtocolError('truncated', 'all bytes that the lengths announce', found, { cause: error })
  if (error instanceof TypeError) return new ProtocolError('invalid-utf8', 'strings in UTF-8', found, { cause: error })
  return new ProtocolError('malformed', 'a serialized protobuf message', found, { cause: error })
}

// Message and what carries a Message are read by hand, into plain objects at once and with their depth; all other bodies by the generated
// code (see bodies.ts).

function readMessage(reader: StrictReader, depth: number): Message {
  if (depth > MAX_MESSAGE_DEPTH) throw new ProtocolError('too-deep', `at most ${MAX_MESSAGE_DEPTH} nested messages`, 'more')
  const { len } = reader
  let type = 0
  let messageUuid: string | undefined
  let FromAbstractionId: string | undefined
  let ToAbstractionId: string | undefined
  let systemId: string | undefined
  let upon: number | undefined
  let refusal: string | undefined
  let incarnation: string | undefined
  let body: AnyBody | undefined
  let content: object | undefined
  while (reader.pos < len) {
    const tag = reader.tag()
    if (tag === TYPE) type = reader.int32()
    else if (tag === MESSAGE_UUID) messageUuid = reader.stringVerify() || undefined
    else if (tag === FROM_ABSTRACTION_ID) FromAbstractionId = reader.stringVerify() || undefined
    else if (tag === TO_ABSTRACTION_ID) ToAbstractionId = reader.stringVerify() || undefined
    else if (tag === SYSTEM_ID) systemId = reader.stringVerify() || undefined
    else if (tag === UPON) upon = reader.uint32() || undefined
    else if (tag === REFUSAL) refusal = reader.stringVerify() || undefined
    else if (tag === INCARNATION) incarnation = reader.stringVerify() || undefined
    else {
      const found = (tag & 7) === LENGTH_DELIMITED ? bodyByFieldNumber[tag >>> 3] : undefined
      if (!found) reader.skipType(tag & 7, 0, tag >>> 3)
      else if (body) throw new ProtocolError('wrong-body', `one body, ${body.field}`, `${found.field} as well`)
      else {
        body = found
        content = readBody(reader, found, depth)
      }
    }
  }
  const expected = checkedBody(type, body)
  const head = { type: expected.type, messageUuid, FromAbstractionId, ToAbstractionId, systemId, upon, refusal, incarnation }
  return { ...head, [expected.field]: content ?? {} }
}

const LENGTH_DELIMITED = 2
const TYPE = 1 << 3
const MESSAGE_UUID = (2 << 3) | LENGTH_DELIMITED
const FROM_ABSTRACTION_ID = (3 << 3) | LENGTH_DELIMITED
const TO_ABSTRACTION_ID = (4 << 3) | LENGTH_DELIMITED
const SYSTEM_ID = (5 << 3) | LENGTH_DELIMITED
const UPON = 1000 << 3
const REFUSAL = (1001 << 3) | LENGTH_DELIMITED
const INCARNATION = (1002 << 3) | LENGTH_DELIMITED

function checkedBody(type: number, found: AnyBody | undefined): AnyBody {
  const expected = bodyByType[type]
  if (!expected) throw new ProtocolError('unknown-type', 'a type of the protocol', typeName(type))
  if (found === expected || (!found && expected.mayBeAbsent)) return expected
  throw new ProtocolError(found ? 'wrong-body' : 'missing-body', `${expected.field}, the body of ${typeName(type)}`, found?.field ?? 'none')
}

function readBody(reader: StrictReader, body: AnyBody, depth: number): object {
  switch (body.type) {
    case Type.NETWORK_MESSAGE:
      return readWithin(reader, depth, readNetworkMessage)
    case Type.BEB_BROADCAST:
      return readWithin(reader, depth, carrier('message'))
    case Type.BEB_DELIVER:
      return readWithin(reader, depth, carrier('message', 'sender'))
    case Type.PL_DELIVER:
      return readWithin(reader, depth, carrier('sender', 'message'))
    case Type.PL_SEND:
      return readWithin(reader, depth, carrier('destination', 'message'))
    default:
      return body.read(reader)
  }
}

type Read<T> = (reader: StrictReader, depth: number) => T

/** Reads what a length announces, with the reader's end set to its end. */
function readWithin<T>(reader: StrictReader, depth: number, read: Read<T>): T {
  const length = reader.size()
  const { len, pos } = reader
  if (pos + length > len) throw new RangeError(`index out of range: ${pos} + ${length} > ${len}`)
  reader.len = pos + length
  const content = read(reader, depth)
  reader.len = len
  return content
}

const readInner: Read<Message> = (reader, depth) => readWithin(reader, depth + 1, readMessage)

function readNetworkMessage(reader: StrictReader, depth: number): NetworkMessage {
  let senderHost = ''
  let senderListeningPort = 0
  let message: Message | undefined
  while (reader.pos < reader.len) {
    const tag = reader.tag()
    if (tag === ((1 << 3) | LENGTH_DELIMITED)) senderHost = reader.stringVerify()
    else if (tag === 2 << 3) senderListeningPort = reader.int32()
    else if (tag === ((3 << 3) | LENGTH_DELIMITED)) message = readInner(reader, depth)
    else reader.skipType(tag & 7, 0, tag >>> 3)
  }
  return { senderHost, senderListeningPort, message }
}

/** Reads a body of which each field is a message or a process; their names in the order of their numbers. */
function carrier(...names: readonly string[]): Read<object> {
  return (reader, depth) => {
    const body: Record<string, Message | ProcessId | undefined> = {}
    while (reader.pos < reader.len) {
      const tag = reader.tag()
      const name = (tag & 7) === LENGTH_DELIMITED ? names[(tag >>> 3) - 1] : undefined
      if (!name) reader.skipType(tag & 7, 0, tag >>> 3)
      else body[name] = name === 'message' ? readInner(reader, depth) : plainProcess(wire.ProcessId.decode(reader, reader.size()))
    }
    return body
  }
}
