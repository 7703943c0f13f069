import fc from 'fast-check'
import { expect, test } from 'vitest'
import { glimpse } from './glimpse'
import { decode, encode, type Message, Type, toValue, UPON_VERSION, unwrap, wrap } from './index'

const value: Message = { type: Type.APP_VALUE, appValue: { value: toValue(7) } }
const wrapping = { systemId: 'sys-1', to: 'app.pl', senderHost: 'localhost', senderListeningPort: 5004, message: value }

const seenBy = (bytes: Uint8Array) => {
  const { systemId, senderHost, senderListeningPort, inner, upon } = unwrap(decode(bytes))
  return { systemId, senderHost, senderListeningPort, type: inner.type, upon }
}

test.each([
  wrapping,
  { ...wrapping, upon: UPON_VERSION },
  { ...wrapping, systemId: '', message: { ...value, systemId: 'sys-2' } },
  { ...wrapping, systemId: '', senderHost: '', senderListeningPort: 0 },
  { ...wrapping, systemId: '\ufeffé', senderHost: 'tëst' },
  { ...wrapping, senderListeningPort: -1, message: { type: Type.PROC_REGISTRATION, procRegistration: { owner: 'abc', index: -3 } } },
])('sees what is decoded: %#', (given) => {
  const bytes = encode(wrap(given))
  expect(glimpse(bytes)).toEqual(seenBy(bytes))
})

test('names that are too long for anybody are not read', () => {
  const long = 'x'.repeat(60_000)
  const bytes = encode(wrap({ ...wrapping, systemId: long, to: long, senderHost: long }))
  expect(glimpse(bytes)).toMatchObject({ systemId: undefined, senderHost: undefined, senderListeningPort: 5004, type: Type.APP_VALUE })
})

test('what can be decoded is seen the same, whatever was done to its bytes; nothing makes it throw', () => {
  const good = encode(wrap({ ...wrapping, upon: UPON_VERSION }))
  const spoilt = fc.tuple(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length)).map(([at, byte, end]) => {
    const bytes = good.slice(0, end > good.length / 2 ? good.length : end)
    if (at < bytes.length) bytes[at] = byte
    return bytes
  })
  fc.assert(
    fc.property(fc.oneof(spoilt, fc.uint8Array({ maxLength: 60 })), (bytes) => {
      const seen = glimpse(bytes)
      let decoded: ReturnType<typeof seenBy>
      try {
        decoded = seenBy(bytes)
      } catch {
        return
      }
      if (seen !== undefined) expect(seen).toEqual(decoded)
    }),
    { numRuns: 500 },
  )
})

test('many fields, groups, what is cut off, and what is no wrapper: no', () => {
  const good = encode(wrap(wrapping))
  for (let end = 0; end < good.length; end++) {
    const seen = glimpse(good.subarray(0, end))
    if (seen !== undefined) expect(seen).toEqual(glimpse(good)) // cut between two fields
  }
  expect(glimpse(encode(value))).toBeUndefined()
  expect(glimpse(Uint8Array.from([...good, ...Array(40).fill([0x78, 1]).flat()]))).toBeUndefined()
  expect(glimpse(Uint8Array.from([...good, 0x7b, 0x7c]))).toBeUndefined()
  expect(glimpse(Uint8Array.from([...good, 0x7a, 0xff, 0xff, 0xff, 0xff, 0x0f]))).toBeUndefined()
})
