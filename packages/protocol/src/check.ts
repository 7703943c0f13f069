import { bodyByType } from './bodies'
import { ProtocolError } from './error'
import { MAX_MESSAGE_DEPTH, MAX_PROCESSES, MAX_STRING_BYTES } from './limits'
import type { BodyField, Message } from './message'
import { typeName } from './type'

/** Throws a `ProtocolError` unless `decode` would give this message back from its bytes. */
export function checkMessage(message: Message, depth = 1): void {
  if (depth > MAX_MESSAGE_DEPTH) throw new ProtocolError('too-deep', `at most ${MAX_MESSAGE_DEPTH} nested messages`, 'more')
  const type = bodyByType[message.type]
  if (!type) throw new ProtocolError('unknown-type', 'a type of the protocol', typeName(message.type))
  checkEnvelope(message, type.field)
  const body = message[type.field] as { readonly message?: Message | undefined } | undefined
  if (body) {
    checkFields(body)
    if (body.message) checkMessage(body.message, depth + 1)
  } else if (!type.mayBeAbsent) {
    throw new ProtocolError('missing-body', `${type.field}, the body of ${typeName(message.type)}`, 'none')
  }
}

function checkEnvelope(message: Message, body: BodyField): void {
  for (const name in message) {
    const field = message[name as keyof Message]
    if (typeof field === 'string') checkString(name, field)
    else if (typeof field === 'object' && name !== body) {
      throw new ProtocolError('wrong-body', `${body}, the body of ${typeName(message.type)}`, name)
    }
  }
  checkUpon(message.upon)
}

export function checkUpon(upon: number | undefined): void {
  if (upon !== undefined && upon >>> 0 !== upon) throw new ProtocolError('not-int32', 'upon: a uint32', `${upon}`)
}

export function checkInt32(name: string, number: number): void {
  if ((number | 0) !== number) throw new ProtocolError('not-int32', `${name}: an int32`, `${number}`)
}

/** All numbers in bodies are int32. Inner messages are left to `checkMessage`. */
function checkFields(fields: object): void {
  for (const name in fields) {
    const field: unknown = fields[name as keyof typeof fields]
    if (typeof field === 'number') checkInt32(name, field)
    else if (typeof field === 'string') checkString(name, field)
    else if (Array.isArray(field)) checkProcesses(field)
    else if (typeof field === 'object' && field !== null && name !== 'message') checkFields(field)
  }
}

function checkProcesses(processes: readonly object[]): void {
  if (processes.length > MAX_PROCESSES) throw new ProtocolError('too-many', `at most ${MAX_PROCESSES} processes`, `${processes.length}`)
  processes.forEach(checkFields)
}

const utf8 = new TextEncoder()

export function checkString(name: string, text: string): void {
  // A UTF-16 unit makes at most three bytes.
  if (text.length * 3 > MAX_STRING_BYTES && utf8.encode(text).length > MAX_STRING_BYTES) {
    throw new ProtocolError('too-long', `${name}: at most ${MAX_STRING_BYTES} bytes`, `${text.length} characters`)
  }
  if (!(text as WellFormed).isWellFormed()) throw new ProtocolError('invalid-utf8', `${name}: valid Unicode`, 'half a surrogate pair')
}

/** In every engine we run on; TypeScript's ES2024. */
type WellFormed = string & { isWellFormed(): boolean }
