import { readdirSync, readFileSync } from 'node:fs'
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

  const shared = new URL('../../../protocol/testdata/', import.meta.url)
  const bytesOf = (name: string) => readFileSync(new URL(name, shared))

  it("writes the bytes of the protocol package's golden message", () => {
    const appDecide = { value: { defined: true, v: 42 } }
    const inner = {
      type: 'APP_DECIDE',
      messageUuid: '9f0c-2',
      FromAbstractionId: 'app',
      ToAbstractionId: 'hub',
      systemId: 'sys-1',
      appDecide,
    }
    const outer = {
      type: 'NETWORK_MESSAGE',
      messageUuid: '9f0c-1',
      FromAbstractionId: 'app.pl',
      ToAbstractionId: 'app.pl',
      systemId: 'sys-1',
    }
    const networkMessage = { senderHost: '127.0.0.1', senderListeningPort: 5004, message: inner }
    expect(encode({ ...outer, networkMessage }).toString('hex')).toBe(bytesOf('wrapped-decide.bin').toString('hex'))
  })

  /** Our own extension, field 1000 = 1 at the end of the outer message, is an unknown field to others: they skip it. */
  const EXTENSION = /c03e01$/

  it.each(readdirSync(shared).filter((name) => name.endsWith('.bin')))('reads and writes again the golden %s', (name) => {
    const bytes = bytesOf(name)
    expect(encode(decode(bytes)).toString('hex')).toBe(bytes.toString('hex').replace(EXTENSION, ''))
  })

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
