import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decode, encode, type Message, PAYLOAD_FIELD } from './codec.mjs'

/** Messages with the bytes that `protoc --encode` gave for them. */
const golden = JSON.parse(readFileSync(new URL('./testdata/golden.json', import.meta.url), 'utf8')) as { message: Message; hex: string }[]

describe("the foreign partner's codec", () => {
  it.each(golden.map(({ message, hex }) => [message.type, message, hex] as const))(
    'writes and reads %s as protoc does',
    (_, message, hex) => {
      expect(encode(message).toString('hex')).toBe(hex)
      expect(encode(decode(Buffer.from(hex, 'hex'))).toString('hex')).toBe(hex)
    },
  )

  it('has a golden message for nearly every type', () => {
    expect(new Set(golden.map(({ message }) => message.type)).size).toBeGreaterThan(PAYLOAD_FIELD.size - 5)
  })

  it.each([
    ['a truncated varint', '0880'],
    ['a varint of 11 bytes', '08ffffffffffffffffffff01'],
    ['a length beyond the end', '12056162'],
    ['invalid UTF-8', '1202c328'],
    ['field number 0', '0001'],
    ['an end of group that nothing began', '9c3f'],
  ])('refuses %s', (_, hex) => {
    expect(() => decode(Buffer.from(hex, 'hex'))).toThrow()
  })
})
