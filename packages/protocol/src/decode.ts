import { type AnyBody, bodyByType } from './bodies'
import { ProtocolError } from './error'
import { upon as wire } from './gen/wire'
import { MAX_MESSAGE_BYTES, MAX_MESSAGE_DEPTH, MAX_PROCESSES } from './limits'
import type { Message } from './message'
import { StrictReader } from './strict-reader'
import { Type, typeName } from './type'

/**
 * Reads one serialized `Message` (without the frame around it) into a plain object.
 *
 * Guaranteed of what it returns: `type` is one of `Type`, the body of that type is set and no other, at each level of nesting.
 * Strings are valid UTF-8; integers are int32. As protobuf has it, unknown fields are skipped, the last of a repeated field
 * counts, and of an integer that does not fit int32 the low 32 bits are taken.
 *
 * @throws {ProtocolError} for everything else, whatever the bytes.
 */
export function decode(bytes: Uint8Array): Message {
  if (bytes.length > MAX_MESSAGE_BYTES) {
    throw new ProtocolError('too-long', `a message of at most ${MAX_MESSAGE_BYTES} bytes`, `${bytes.length} bytes`)
  }
  return plainMessage(parse(bytes), 1)
}

function parse(bytes: Uint8Array): Message {
  try {
    // Beside the prototypes (see bodies.ts) what comes out has the form of a Message, but for the type, which may be any int32.
    return wire.Message.decode(new StrictReader(bytes)) as unknown as Message
  } catch (error) {
    throw asProtocolError(error, bytes)
  }
}

function asProtocolError(error: unknown, bytes: Uint8Array): ProtocolError {
  if (error instanceof ProtocolError) return error
  const { message } = error as Error
  const found = `${message}, in ${bytes.length} bytes`
  if (message === 'max depth exceeded') return new ProtocolError('too-deep', nestingLimit, 'more', { cause: error })
  if (error instanceof RangeError) return new ProtocolError('truncated', 'all bytes that the lengths announce', found, { cause: error })
  if (error instanceof TypeError) return new ProtocolError('invalid-utf8', 'strings in UTF-8', found, { cause: error })
  return new ProtocolError('malformed', 'a serialized protobuf message', found, { cause: error })
}

const nestingLimit = `at most ${MAX_MESSAGE_DEPTH} nested messages`

function plainMessage(parsed: Message, depth: number): Message {
  if (depth > MAX_MESSAGE_DEPTH) throw new ProtocolError('too-deep', nestingLimit, 'more')
  const { type, messageUuid, FromAbstractionId, ToAbstractionId, systemId, upon } = parsed
  const body = bodyByType[type]
  if (!body) throw new ProtocolError('unknown-type', 'a type of the protocol', typeName(type))
  checkBody(parsed, body)
  const inner = (message: Message | undefined) => (message ? plainMessage(message, depth + 1) : undefined)
  return {
    type,
    messageUuid: messageUuid || undefined,
    FromAbstractionId: FromAbstractionId || undefined,
    ToAbstractionId: ToAbstractionId || undefined,
    systemId: systemId || undefined,
    upon: upon || undefined,
    [body.field]: body.plain(parsed[body.field] ?? {}, inner),
  }
}

/** Only fields that arrived, and not with their default value, are the object's own. */
function checkBody(parsed: Message, { field, mayBeAbsent }: AnyBody): void {
  const keys = Object.keys(parsed)
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!
    if (key !== field && !envelope[key]) throw new ProtocolError('wrong-body', expectedBody(parsed, field), key)
  }
  if (!parsed[field] && !mayBeAbsent) throw new ProtocolError('missing-body', expectedBody(parsed, field), 'none')
  const processes = parsed.type === Type.PROC_INITIALIZE_SYSTEM ? parsed.procInitializeSystem!.processes.length : 0
  if (processes > MAX_PROCESSES) throw new ProtocolError('too-many', `at most ${MAX_PROCESSES} processes`, `${processes}`)
}

const expectedBody = ({ type }: Message, field: string) => `${field}, the body of ${typeName(type)}`

const envelope: Readonly<Record<string, true | undefined>> = {
  type: true,
  messageUuid: true,
  FromAbstractionId: true,
  ToAbstractionId: true,
  systemId: true,
  upon: true,
}
