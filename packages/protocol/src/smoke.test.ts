import { expect, test } from 'vitest'
import { decode, encode, parseAbstractionId, registerPath, Type, toValue, UPON_VERSION, unwrap, wrap } from './index'

test('a wrapped message comes back as it was', () => {
  const message = { type: Type.NNAR_INTERNAL_VALUE, nnarInternalValue: { readId: 1, timestamp: 2, writerRank: 3, value: toValue(-1) } }
  const wrapped = wrap({
    systemId: 'sys-1',
    to: `${registerPath('x')}.pl`,
    senderHost: 'localhost',
    senderListeningPort: 5000,
    message,
    upon: UPON_VERSION,
  })
  expect(decode(encode(wrapped))).toEqual(wrapped)
  expect(unwrap(decode(encode(wrapped))).inner).toMatchObject(message)
  expect(parseAbstractionId(unwrap(wrapped).to)).toEqual({ kind: 'nnar', index: 'x', within: 'pl' })
})
