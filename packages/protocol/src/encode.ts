import protobuf from 'protobufjs/minimal.js'
import { bodyByType } from './bodies'
import { checkInt32, checkMessage, checkString, checkUpon } from './check'
import { above, uuid, type Wrapping } from './envelope'
import { ProtocolError } from './error'
import { MAX_MESSAGE_BYTES } from './limits'
import type { Message, NetworkMessage } from './message'
import { Type } from './type'

/**
 * Serializes a message (without the frame around it): to the bytes of any proto3 encoder that writes fields in the order of their
 * numbers. What it gives, `decode` accepts.
 *
 * @throws {ProtocolError} for an unknown type, a body missing or of another type, a number that is no int32, a string that is no
 * valid Unicode, or a limit exceeded.
 */
export function encode(message: Message): Uint8Array {
  checkMessage(message)
  begin()
  writeMessage(message)
  return finish()
}

/**
 * The bytes of `encode(wrap(wrapping))`, uuids aside, in half the time: for what a process does with each message that it sends.
 *
 * @throws {ProtocolError} as `encode` does.
 */
export function encodeWrapped({ systemId, to, from = to, speaker, senderHost, senderListeningPort, message, upon }: Wrapping): Uint8Array {
  checkMessage(message, 2)
  checkString('systemId', systemId)
  checkString('to', to)
  checkString('from', from)
  checkString('speaker', speaker ?? '')
  checkString('senderHost', senderHost)
  checkInt32('senderListeningPort', senderListeningPort)
  checkUpon(upon)
  begin()
  writeHead(Type.NETWORK_MESSAGE, uuid(), from, to, systemId)
  writer.uint32(tag(6, LENGTH_DELIMITED)).fork()
  writeSender(senderHost, senderListeningPort)
  writer.uint32(tag(3, LENGTH_DELIMITED)).fork()
  const { messageUuid = uuid(), FromAbstractionId = speaker ?? above(from), ToAbstractionId = speaker ?? above(to) } = message
  writeHead(message.type, messageUuid, FromAbstractionId, ToAbstractionId, message.systemId ?? systemId)
  writeBody(message)
  writer.ldelim().ldelim()
  if (upon) writer.uint32(tag(1000, VARINT)).uint32(upon)
  return finish()
}

function begin(): void {
  // Also when the last call threw half-way.
  writer.pos = 0
  writer.states = null
}

function finish(): Uint8Array {
  const bytes = writer.finish()
  if (bytes.length > MAX_MESSAGE_BYTES) {
    writer = protobuf.Writer.create()
    throw new ProtocolError('too-long', `a message of at most ${MAX_MESSAGE_BYTES} bytes`, `${bytes.length} bytes`)
  }
  return bytes
}

/** Used again for every message: calls do not overlap. */
let writer = protobuf.Writer.create()

const VARINT = 0
const LENGTH_DELIMITED = 2
const tag = (field: number, wireType: number) => (field << 3) | wireType

// Message and NetworkMessage wrap all other messages. We write them by hand, because the generated code for Message looks for each of its
// fifty fields. The generated code for a body looks only for the fields of that body.

function writeMessage(message: Message): void {
  const { type, messageUuid, FromAbstractionId, ToAbstractionId, systemId } = message
  writeHead(type, messageUuid, FromAbstractionId, ToAbstractionId, systemId)
  writeBody(message)
}

type Text = string | undefined

function writeHead(type: Type, messageUuid: Text, FromAbstractionId: Text, ToAbstractionId: Text, systemId: Text): void {
  if (type) writer.uint32(tag(1, VARINT)).int32(type)
  if (messageUuid) writer.uint32(tag(2, LENGTH_DELIMITED)).string(messageUuid)
  if (FromAbstractionId) writer.uint32(tag(3, LENGTH_DELIMITED)).string(FromAbstractionId)
  if (ToAbstractionId) writer.uint32(tag(4, LENGTH_DELIMITED)).string(ToAbstractionId)
  if (systemId) writer.uint32(tag(5, LENGTH_DELIMITED)).string(systemId)
}

function writeBody(message: Message): void {
  const { type, upon, refusal, incarnation } = message
  const body = bodyByType[type]!
  writer.uint32(tag(body.number, LENGTH_DELIMITED)).fork()
  // A body that may be absent is written all the same: foreign processes may want to see it.
  if (message.networkMessage) writeNetworkMessage(message.networkMessage)
  else body.write(message[body.field] ?? {}, writer)
  writer.ldelim()
  if (upon) writer.uint32(tag(1000, VARINT)).uint32(upon)
  if (refusal) writer.uint32(tag(1001, LENGTH_DELIMITED)).string(refusal)
  if (incarnation) writer.uint32(tag(1002, LENGTH_DELIMITED)).string(incarnation)
}

function writeSender(host: string, port: number): void {
  if (host) writer.uint32(tag(1, LENGTH_DELIMITED)).string(host)
  if (port) writer.uint32(tag(2, VARINT)).int32(port)
}

function writeNetworkMessage({ senderHost, senderListeningPort, message }: NetworkMessage): void {
  writeSender(senderHost, senderListeningPort)
  if (!message) return
  writer.uint32(tag(3, LENGTH_DELIMITED)).fork()
  writeMessage(message)
  writer.ldelim()
}
