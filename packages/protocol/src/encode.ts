import protobuf from 'protobufjs/minimal.js'
import { bodyByType } from './bodies'
import { checkMessage } from './check'
import { ProtocolError } from './error'
import { MAX_MESSAGE_BYTES } from './limits'
import type { Message, NetworkMessage } from './message'

/**
 * Serializes a message (without the frame around it): to the bytes of any proto3 encoder that writes fields in the order of their
 * numbers. What it gives, `decode` accepts.
 *
 * @throws {ProtocolError} for an unknown type, a body missing or of another type, a number that is no int32, a string that is no
 * valid Unicode, or a limit exceeded.
 */
export function encode(message: Message): Uint8Array {
  checkMessage(message)
  // Also when the last call threw half-way.
  writer.pos = 0
  writer.states = null
  writeMessage(message)
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

// Message and NetworkMessage, which are around all others, are written by hand: the generated code for Message looks for each of its
// fifty fields, the one for a body only for the body's.

function writeMessage(message: Message): void {
  const { type, messageUuid, FromAbstractionId, ToAbstractionId, systemId, upon } = message
  if (type) writer.uint32(tag(1, VARINT)).int32(type)
  if (messageUuid) writer.uint32(tag(2, LENGTH_DELIMITED)).string(messageUuid)
  if (FromAbstractionId) writer.uint32(tag(3, LENGTH_DELIMITED)).string(FromAbstractionId)
  if (ToAbstractionId) writer.uint32(tag(4, LENGTH_DELIMITED)).string(ToAbstractionId)
  if (systemId) writer.uint32(tag(5, LENGTH_DELIMITED)).string(systemId)
  const body = bodyByType[type]!
  writer.uint32(tag(body.number, LENGTH_DELIMITED)).fork()
  // A body that may be absent is written all the same: foreign processes may want to see it.
  if (message.networkMessage) writeNetworkMessage(message.networkMessage)
  else body.write(message[body.field] ?? {}, writer)
  writer.ldelim()
  if (upon) writer.uint32(tag(1000, VARINT)).uint32(upon)
}

function writeNetworkMessage({ senderHost, senderListeningPort, message }: NetworkMessage): void {
  if (senderHost) writer.uint32(tag(1, LENGTH_DELIMITED)).string(senderHost)
  if (senderListeningPort) writer.uint32(tag(2, VARINT)).int32(senderListeningPort)
  if (!message) return
  writer.uint32(tag(3, LENGTH_DELIMITED)).fork()
  writeMessage(message)
  writer.ldelim()
}
