import { bodyByType } from './bodies'
import { ProtocolError } from './error'
import { upon as wire } from './gen/wire'
import type { Message } from './message'
import { typeName } from './type'

/** Serializes a message (without the frame around it). */
export function encode(message: Message): Uint8Array {
  const body = bodyByType[message.type]
  if (!body) throw new ProtocolError('unknown-type', 'a type of the protocol', typeName(message.type))
  const complete = message[body.field] ? message : { ...message, [body.field]: {} }
  return wire.Message.encode(complete as wire.Message.$Properties).finish()
}
