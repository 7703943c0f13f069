import protobuf from 'protobufjs/minimal.js'
import { describe, expect, test } from 'vitest'
import {
  decode,
  encode,
  MAX_FIELDS,
  MAX_MESSAGE_BYTES,
  MAX_PROCESSES,
  MAX_STRING_BYTES,
  type Message,
  ProtocolError,
  type ProtocolErrorCode,
  registerPath,
  Type,
  toValue,
} from '../src/index'

const bytes = (...parts: (number | string | Uint8Array)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : Buffer.from(part as Uint8Array))))
const varint = (value: number) => protobuf.Writer.create().uint32(value).finish()
/** A length-delimited field. */
const field = (number: number, ...parts: (number | string | Uint8Array)[]) => {
  const content = bytes(...parts)
  return bytes(varint(number * 8 + 2), varint(content.length), content)
}
const typed = (type: Type) => bytes(8, type)

function refused(input: Uint8Array): ProtocolErrorCode | 'accepted' {
  try {
    decode(input)
    return 'accepted'
  } catch (error) {
    if (error instanceof ProtocolError) return error.code
    throw error
  }
}
function refusedToEncode(message: Message): ProtocolErrorCode | 'accepted' {
  try {
    encode(message)
    return 'accepted'
  } catch (error) {
    if (error instanceof ProtocolError) return error.code
    throw error
  }
}

describe('decode refuses', () => {
  const appRead = encode({ type: Type.APP_READ, systemId: 'sys-1', appRead: { register: 'x' } })

  test.each([
    ['a truncated varint', bytes(8), 'truncated'],
    ['a truncated varint of several bytes', bytes(8, 0xff, 0xff), 'truncated'],
    ['an 11-byte varint', bytes(8, ...new Array(10).fill(0xff), 1), 'malformed'],
    ['an 11-byte tag', bytes(...new Array(10).fill(0xff), 1), 'malformed'],
    ['field number 0', bytes(2, 0), 'malformed'],
    ['wire type 7', bytes(typed(8), 7), 'malformed'],
    ['a group that ends another', bytes(0x13, 0x1c), 'malformed'],
    ['invalid UTF-8', bytes(typed(8), field(2, 0xff), field(14)), 'invalid-utf8'],
    ['invalid UTF-8 in a long string', bytes(typed(8), field(14, field(1, 'a'.repeat(200), 0xc3))), 'invalid-utf8'],
    ['surrogates in UTF-8', bytes(typed(8), field(14, field(1, 0xed, 0xa0, 0x80))), 'invalid-utf8'],
    ['an unknown type', bytes(8, 98, field(14)), 'unknown-type'],
    ['a negative type', bytes(8, ...new Array(9).fill(0xff), 1, field(14)), 'unknown-type'],
    ['a type without its body', typed(Type.APP_WRITE), 'missing-body'],
    ['no bytes at all, as a NETWORK_MESSAGE without its body', bytes(), 'missing-body'],
    ['the body of another type', bytes(typed(Type.APP_WRITE), field(14)), 'wrong-body'],
    ['the body of another type beside the right one', bytes(appRead, field(15)), 'wrong-body'],
    ['a body twice', bytes(appRead, field(14)), 'wrong-body'],
    ['a body beside an empty one', bytes(typed(Type.PROC_DESTROY_SYSTEM), field(14)), 'wrong-body'],
    ['an inner length beyond the outer', bytes(typed(0), 0x32, 4, 0x1a, 100, 8, 5), 'truncated'],
    ['a string beyond its message', bytes(typed(8), 0x72, 2, 0x0a, 5, 'abcde'), 'truncated'],
    ['a body beyond the end', bytes(typed(8), 0x72, 0xff, 0xff, 0xff, 0xff, 7), 'truncated'],
    ['a varint cut by the end of its message', bytes(typed(71), bytes(varint(71 * 8 + 2), 2, 8, 0xff), 1), 'truncated'],
    ['a string longer than the limit', bytes(typed(8), field(14, field(1, 'a'.repeat(MAX_STRING_BYTES + 1)))), 'too-long'],
    ['a message longer than the limit', bytes(appRead, field(999, new Uint8Array(MAX_MESSAGE_BYTES))), 'too-long'],
    ['an unwrapped inner message that is malformed', bytes(field(6, field(3, typed(Type.APP_WRITE)))), 'missing-body'],
  ])('%s', (_, input, code) => {
    expect(refused(input)).toBe(code)
  })

  test('every truncation of a message', () => {
    for (let length = 0; length < appRead.length; length++) expect(refused(appRead.subarray(0, length))).not.toBe('accepted')
  })

  test('messages nested one deeper than anything legal, and 10,000 deep, without the stack overflowing', () => {
    const nested = (depth: number) => {
      let message = bytes(typed(Type.APP_READ), field(14))
      for (let level = 1; level < depth; level++) message = field(6, field(3, message))
      return message
    }
    expect(refused(nested(3))).toBe('accepted')
    expect(refused(nested(4))).toBe('too-deep')
    expect(refused(nested(10_000))).toBe('too-deep')
    expect(refused(bytes(...new Array(10_000).fill(0x13)))).toBe('too-deep')
  })

  test('more processes than the limit, and a million, without making them', () => {
    const listing = (processes: number) =>
      bytes(
        typed(2),
        field(
          8,
          Buffer.from([10, 0].flatMap((byte) => [byte]))
            .toString('latin1')
            .repeat(processes),
        ),
      )
    expect(refused(listing(MAX_PROCESSES))).toBe('accepted')
    expect(refused(listing(MAX_PROCESSES + 1))).toBe('too-many')
    expect(refused(listing(MAX_MESSAGE_BYTES / 2 - 10))).toBe('too-many')
    expect(refused(listing(1_000_000))).toBe('too-long')
  })

  test('more fields than the limit, unknown ones included', () => {
    const unknown = bytes(varint(999 * 8), 1)
    expect(refused(bytes(typed(3), Buffer.concat(new Array(MAX_FIELDS - 1).fill(unknown))))).toBe('accepted')
    expect(refused(bytes(typed(3), Buffer.concat(new Array(MAX_FIELDS).fill(unknown))))).toBe('too-many')
  })

  test('with an error that says what was expected and what was found', () => {
    expect(() => decode(bytes(typed(Type.APP_WRITE), field(14)))).toThrow(
      'wrong-body: expected appWrite, the body of APP_WRITE, found appRead',
    )
    expect(() => decode(bytes(8, 99))).toThrow('unknown-type: expected a type of the protocol, found unknown type 99')
  })
})

describe('decode accepts', () => {
  test('a type with an empty body, present or not', () => {
    for (const input of [typed(3), bytes(typed(3), field(9))]) expect(decode(input).procDestroySystem).toEqual({})
  })

  test('unknown fields of every wire type, at each level', () => {
    const unknown = bytes(
      varint(999 * 8),
      5,
      varint(999 * 8 + 1),
      new Uint8Array(8),
      field(999, 'abc'),
      varint(999 * 8 + 5),
      new Uint8Array(4),
      varint(99 * 8 + 3),
      varint(99 * 8 + 4),
    )
    const inner = bytes(unknown, typed(8), field(14, unknown, field(1, 'x'), unknown))
    const message = decode(bytes(field(6, unknown, field(3, inner)), unknown)).networkMessage?.message
    expect(message?.appRead).toEqual({ register: 'x' })
  })

  test('fields in any order, the type last', () => {
    expect(decode(bytes(field(14, field(1, 'x')), typed(8))).appRead).toEqual({ register: 'x' })
  })

  test('a known field of another wire type as an unknown one', () => {
    expect(decode(bytes(typed(8), field(14), 0x10, 5)).messageUuid).toBeUndefined()
  })

  test('integers at the ends of int32, and of those beyond the low 32 bits', () => {
    const ack = (...v: number[]) => decode(bytes(typed(70), field(70, 8, ...v))).nnarInternalAck?.readId
    expect(ack(0xff, 0xff, 0xff, 0xff, 7)).toBe(2 ** 31 - 1)
    expect(ack(0x80, 0x80, 0x80, 0x80, 8)).toBe(-(2 ** 31))
    expect(ack(0x80, 0x80, 0x80, 0x80, 0xf8, 0xff, 0xff, 0xff, 0xff, 1)).toBe(-(2 ** 31))
    expect(ack(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1)).toBe(-1)
    expect(ack(0x85, 0x80, 0x80, 0x80, 0x10)).toBe(5)
  })

  test('a register of 10,000 characters, of four bytes each', () => {
    const message: Message = {
      type: Type.APP_READ,
      ToAbstractionId: registerPath('🙂'.repeat(10_000)),
      appRead: { register: '🙂'.repeat(10_000) },
    }
    expect(decode(encode(message))).toEqual(message)
  })

  test('names such as __proto__ and constructor, as data', () => {
    for (const name of ['__proto__', 'constructor', 'hasOwnProperty', 'toString']) {
      const message: Message = { type: Type.APP_WRITE, systemId: name, appWrite: { register: name, value: toValue(1) } }
      expect(decode(encode(message))).toEqual(message)
    }
    expect(({} as Record<string, unknown>).register).toBeUndefined()
  })
})

describe('encode refuses', () => {
  const write = (v: number): Message => ({ type: Type.APP_WRITE, appWrite: { register: 'x', value: toValue(v) } })

  test('numbers that no int32 holds', () => {
    for (const v of [2 ** 31, -(2 ** 31) - 1, 0.5, Number.NaN, Infinity]) expect(refusedToEncode(write(v))).toBe('not-int32')
    for (const v of [2 ** 31 - 1, -(2 ** 31), 0]) expect(refusedToEncode(write(v))).toBe('accepted')
    expect(refusedToEncode({ ...write(1), upon: -1 })).toBe('not-int32')
  })

  test('a missing, a wrong and a second body, an unknown type', () => {
    expect(refusedToEncode({ type: Type.APP_WRITE })).toBe('missing-body')
    expect(refusedToEncode({ type: Type.APP_WRITE, appRead: { register: 'x' } })).toBe('wrong-body')
    expect(refusedToEncode({ ...write(1), appRead: { register: 'x' } })).toBe('wrong-body')
    expect(refusedToEncode({ type: 99 as Type })).toBe('unknown-type')
  })

  test('strings too long or not Unicode, too many processes, nesting too deep', () => {
    const read = (register: string): Message => ({ type: Type.APP_READ, appRead: { register } })
    expect(refusedToEncode(read('a'.repeat(MAX_STRING_BYTES)))).toBe('accepted')
    expect(refusedToEncode(read('a'.repeat(MAX_STRING_BYTES + 1)))).toBe('too-long')
    expect(refusedToEncode(read('é'.repeat(MAX_STRING_BYTES / 2 + 1)))).toBe('too-long')
    expect(refusedToEncode(read('\ud83d'))).toBe('invalid-utf8')
    const processes = new Array(MAX_PROCESSES + 1).fill({ host: '', port: 0, owner: '', index: 0, rank: 0 })
    expect(refusedToEncode({ type: Type.PROC_INITIALIZE_SYSTEM, procInitializeSystem: { processes } })).toBe('too-many')
    let message = read('x')
    for (let level = 0; level < 3; level++) message = { type: 0, networkMessage: { senderHost: '', senderListeningPort: 0, message } }
    expect(refusedToEncode(message)).toBe('too-deep')
  })
})
