import { describe, expect, test } from 'vitest'
import { decode, encode, encodeWrapped, fromValue, type Message, ProtocolError, Type, toValue, UPON_VERSION, unwrap, wrap } from './index'

const write: Message = { type: Type.APP_WRITE, appWrite: { register: 'x', value: toValue(1) } }
const wrapping = { systemId: 'sys-1', to: 'app.beb.pl', senderHost: 'localhost', senderListeningPort: 5004 }

describe('wrap', () => {
  test('sets the system, a uuid and both IDs on wrapper and message; the message is for the abstraction above the link', () => {
    const wrapper = wrap({ ...wrapping, message: write })
    expect(wrapper).toMatchObject({ FromAbstractionId: 'app.beb.pl', ToAbstractionId: 'app.beb.pl', systemId: 'sys-1' })
    const inner = unwrap(wrapper).inner
    expect(inner).toMatchObject({ FromAbstractionId: 'app.beb', ToAbstractionId: 'app.beb', systemId: 'sys-1' })
    expect(new Set([wrapper.messageUuid, inner.messageUuid, wrap({ ...wrapping, message: write }).messageUuid, '']).size).toBe(4)
  })

  test('leaves what the message already says, and does not change it', () => {
    const message = Object.freeze({ ...write, messageUuid: 'u', FromAbstractionId: 'app', ToAbstractionId: 'hub', systemId: 'sys-2' })
    expect(unwrap(wrap({ ...wrapping, message })).inner).toEqual(message)
  })

  test('gives a message that was decoded without uuid and IDs what is missing', () => {
    const inner = unwrap(wrap({ ...wrapping, message: decode(encode(write)) })).inner
    expect(inner).toMatchObject({ messageUuid: expect.any(String), ToAbstractionId: 'app.beb', systemId: 'sys-1' })
  })
})

describe('encodeWrapped', () => {
  const nnar: Message = { type: Type.NNAR_INTERNAL_ACK, messageUuid: 'u', nnarInternalAck: { readId: 7 } }
  const wrappings = [
    { ...wrapping, message: write },
    { ...wrapping, from: 'app.uc[t]', to: 'app.pl', message: { ...write, ToAbstractionId: 'hub' }, upon: UPON_VERSION },
    { ...wrapping, to: 'app.nnar[x].beb.pl', speaker: 'app.nnar[x]', message: nnar },
    { ...wrapping, systemId: '', senderHost: '', senderListeningPort: 0, message: { type: Type.PROC_DESTROY_SYSTEM } },
    { ...wrapping, message: { ...write, systemId: 'sys-2', FromAbstractionId: 'hub' } },
  ]

  test.each(wrappings)('writes what encode(wrap()) does, uuids aside: %#', (given) => {
    const anonymous = (bytes: Uint8Array) => {
      const message = decode(bytes)
      return {
        ...message,
        messageUuid: typeof message.messageUuid,
        inner: { ...unwrap(message).inner, messageUuid: '' },
        networkMessage: {},
      }
    }
    expect(anonymous(encodeWrapped(given))).toEqual(anonymous(encode(wrap(given))))
    expect(encodeWrapped(given).length).toBe(encode(wrap(given)).length)
  })

  test('refuses what encode(wrap()) refuses, for the same reason', () => {
    const lone = '\ud800'
    const bad = [
      { systemId: lone },
      { to: 'x'.repeat(70_000) },
      { from: lone },
      { speaker: lone },
      { senderHost: lone },
      { senderListeningPort: 2 ** 31 },
      { upon: -1 },
      { message: { type: Type.APP_WRITE } },
      { message: { ...write, systemId: lone } },
      { message: { type: 99 as Type } },
    ]
    const code = (f: () => Uint8Array) => {
      try {
        f()
        return 'none'
      } catch (error) {
        return error instanceof ProtocolError ? error.code : String(error)
      }
    }
    for (const part of bad) {
      const given = { ...wrapping, message: write, ...part }
      expect(code(() => encodeWrapped(given))).toBe(code(() => encode(wrap(given))))
      expect(code(() => encodeWrapped(given))).not.toBe('none')
    }
    expect(decode(encodeWrapped({ ...wrapping, message: write })).systemId).toBe('sys-1') // a call that threw leaves nothing behind
  })
})

describe('unwrap', () => {
  const wrapper = (outer: Partial<Message>, inner: Partial<Message>): Message => ({
    type: Type.NETWORK_MESSAGE,
    ...outer,
    networkMessage: { senderHost: '', senderListeningPort: 5004, message: { ...write, ...inner } },
  })

  test('takes the system from the wrapper, or else from the message', () => {
    expect(unwrap(wrapper({ systemId: 'a' }, {})).systemId).toBe('a')
    expect(unwrap(wrapper({}, { systemId: 'b' })).systemId).toBe('b')
    expect(unwrap(wrapper({}, {})).systemId).toBe('')
  })

  test('accepts the absence of senderHost, uuid and all IDs', () => {
    const { inner, ...rest } = unwrap(decode(encode(wrapper({}, {}))))
    expect(rest).toEqual({ systemId: '', to: '', senderHost: '', senderListeningPort: 5004, upon: 0 })
    expect(inner.appWrite?.register).toBe('x')
  })

  test('knows a process of ours by its version', () => {
    expect(unwrap(decode(encode(wrap({ ...wrapping, message: write, upon: UPON_VERSION })))).upon).toBe(1)
  })

  test('refuses a message that is no wrapper, a wrapper without a message, and a wrapper in a wrapper', () => {
    const refused = (message: Message) => {
      try {
        unwrap(message)
      } catch (error) {
        if (error instanceof ProtocolError) return error.code
      }
    }
    expect(refused(write)).toBe('wrong-body')
    expect(refused({ type: Type.NETWORK_MESSAGE, networkMessage: { senderHost: '', senderListeningPort: 1 } })).toBe('missing-body')
    expect(refused(wrap({ ...wrapping, message: wrap({ ...wrapping, message: write }) }))).toBe('too-deep')
  })
})

test('an undefined value is written as none and read from `{}`, from v without defined, and from no Value at all', () => {
  expect(fromValue(toValue(undefined))).toBeUndefined()
  expect(fromValue(undefined)).toBeUndefined()
  expect(fromValue({ defined: false, v: -1 })).toBeUndefined()
  expect([0, -1, 5].map((v) => fromValue(toValue(v)))).toEqual([0, -1, 5])
  const given = (value: object) => decode(encode({ type: Type.APP_VALUE, appValue: value } as Message)).appValue?.value
  expect([{}, { value: {} }, { value: { v: -1 } }].map((body) => fromValue(given(body)))).toEqual([undefined, undefined, undefined])
})
