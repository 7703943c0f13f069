import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decode, encode, type Message, Type, UPON_VERSION, unwrap, wrap } from '../src/index'
import { golden, withoutDefaults } from './golden'

const text = fc.string({ unit: 'grapheme', maxLength: 40 })
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })

/** Other data for the same fields: new random texts, numbers and booleans, the same types. */
function sameForm(message: object): fc.Arbitrary<Message> {
  const arbitrary = (name: string, field: unknown): fc.Arbitrary<unknown> => {
    if (name === 'type') return fc.constant(field)
    if (name === 'upon') return fc.integer({ min: 0, max: 2 ** 32 - 1 })
    if (typeof field === 'string') return text
    if (typeof field === 'number') return int32
    if (typeof field === 'boolean') return fc.boolean()
    if (Array.isArray(field)) return fc.array(sameForm(field[0]), { maxLength: 20 })
    return sameForm(field as object)
  }
  const entries = Object.entries(message).map(([name, field]) => [name, arbitrary(name, field)])
  return fc.record(Object.fromEntries(entries)) as unknown as fc.Arbitrary<Message>
}

test('every message comes back from its bytes as it was', () => {
  const ours = fc.record({ refusal: text, incarnation: text }, { requiredKeys: [] })
  const messages = fc
    .tuple(
      fc.constantFrom(...golden).chain(({ message }) => sameForm(message)),
      ours,
    )
    .map(([message, extra]): Message => ({ ...message, ...extra }))
  fc.assert(
    fc.property(messages, (message) => {
      const decoded = decode(encode(message))
      expect(withoutDefaults(decoded)).toEqual(withoutDefaults(message))
      expect(decode(encode(decoded))).toStrictEqual(decoded)
    }),
    { numRuns: 3000 },
  )
})

test('what wrap puts together, unwrap takes apart', () => {
  const given = fc.record({ systemId: text, to: text, senderHost: text, senderListeningPort: int32 })
  fc.assert(
    fc.property(given, text, (wrapping, register) => {
      const message: Message = { type: Type.APP_READ, appRead: { register } }
      const { inner, ...rest } = unwrap(decode(encode(wrap({ ...wrapping, message, upon: UPON_VERSION }))))
      expect(rest).toEqual({ ...wrapping, upon: UPON_VERSION })
      expect(inner).toMatchObject(message)
    }),
  )
})
