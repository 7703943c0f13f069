import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FrameDecoder } from '../../framing'
import { AnswerReader } from './answer-reader'
import { decodeFields, encodeFields, writeCount } from './fields'
import { type Answer, decodeAnswer, decodeHello, encodeAnswer, encodeHello, type Hello, MAGIC, type RefusalCode } from './preamble'

const id = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('hex'))
const count = fc.maxSafeNat()
const payload = fc.uint8Array({ maxLength: 300 })
const text = (limit: number) => fc.string({ maxLength: limit, unit: 'binary' }).map((each) => Buffer.from(each).toString())
const hello: fc.Arbitrary<Hello> = fc.record({
  session: id,
  incarnation: id,
  payload,
  dropped: count,
  connection: count,
  address: fc.record({ host: text(255), port: fc.integer({ min: 1, max: 65_535 }) }),
  expected: fc.option(id, { nil: undefined }),
  doubtful: fc.boolean(),
})
const code = fc.constantFrom<RefusalCode>('differs', 'given-up', 'forgotten', 'replaced', 'version')
const answer: fc.Arbitrary<Answer> = fc.record({
  incarnation: id,
  payload,
  taken: count,
  refusal: fc.option(fc.record({ code, text: text(200) }), { nil: undefined }),
})
const EXAMPLE: Hello = {
  session: '11'.repeat(16),
  incarnation: '22'.repeat(16),
  payload: Uint8Array.of(1, 2),
  dropped: 5,
  connection: 1,
  address: { host: 'h', port: 1 },
  expected: undefined,
  doubtful: true,
}
const bodyOf = (greeting: Uint8Array) => greeting.subarray(MAGIC.length + 4)

test('a hello is read as it was written, behind four bytes that no frame begins with', () => {
  fc.assert(
    fc.property(hello, (sent) => {
      const bytes = encodeHello(sent)
      expect(() => new FrameDecoder(0x7fffffff).push(bytes, () => {})).toThrow(/too long/)
      const read: unknown[] = []
      new FrameDecoder().push(bytes.subarray(MAGIC.length), (body) => read.push(decodeHello(body)))
      expect(read).toEqual([sent])
    }),
  )
})

test('an answer is read as it was written', () => {
  fc.assert(
    fc.property(answer, (sent) => {
      expect(decodeAnswer(bodyOf(encodeAnswer(sent)))).toEqual(sent)
    }),
  )
})

test('what is no greeting is undefined, and nothing throws', () => {
  const isNone = (read: unknown) => read === undefined || read === 'version'
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(isNone(decodeHello(bytes))).toBe(true)
      decodeAnswer(bytes)
    }),
  )
  const body = bodyOf(encodeHello(EXAMPLE))
  for (let length = 0; length < body.length - 3; length++) expect(decodeHello(body.subarray(0, length))).toBeUndefined()
})

describe('versions to come can talk to this one', () => {
  const withFields = (versions: number[], ...fields: [number, Uint8Array][]) =>
    Buffer.concat([Uint8Array.from(versions), bodyOf(encodeHello(EXAMPLE)).subarray(2), encodeFields(fields)])

  test('a field that is not known is skipped, whatever its length', () => {
    expect(decodeHello(withFields([2, 9], [200, new Uint8Array(20_000)], [255, new Uint8Array(0)]))).toEqual(EXAMPLE)
  })

  test('a hello of later versions only, with other fields, is recognised as one', () => {
    expect(decodeHello(Buffer.concat([Uint8Array.of(3, 4), encodeFields([[200, Uint8Array.of(1)]])]))).toBe('version')
    expect(decodeHello(Uint8Array.of(9, 3))).toBeUndefined()
  })

  test('a refusal with a code that is not known is understood as one of the layer above', () => {
    const body = Buffer.concat([Uint8Array.of(2), encodeFields([[10, Buffer.concat([Uint8Array.of(77), Buffer.from('why')])]])])
    expect(decodeAnswer(body)?.refusal).toEqual({ code: 'differs', text: 'why' })
    expect(decodeAnswer(Uint8Array.of(0))?.refusal).toEqual({ code: 'version', text: '' })
  })

  test('fields are refused when one is cut or said twice', () => {
    expect(decodeFields(Uint8Array.of(1, 0, 2, 7))).toBeUndefined()
    expect(decodeFields(Uint8Array.of(1, 0))).toBeUndefined()
    expect(
      decodeFields(
        encodeFields([
          [1, Uint8Array.of(1)],
          [1, Uint8Array.of(1)],
        ]),
      ),
    ).toBeUndefined()
    expect(() => encodeFields([[1, new Uint8Array(65_536)]])).toThrow(RangeError)
  })
})

test('answer and counts are read from any split of the stream', () => {
  const split = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 })
  fc.assert(
    fc.property(answer, fc.array(count, { maxLength: 20 }), split, (sent, counts, sizes) => {
      const further = counts.map((each) => {
        const bytes = new Uint8Array(8)
        writeCount(bytes, 0, each)
        return bytes
      })
      const stream = Buffer.concat([encodeAnswer(sent), ...further])
      const answers: Answer[] = []
      const read: number[] = []
      const reader = new AnswerReader({ onAnswer: (each) => answers.push(each), onCount: (each) => read.push(each) })
      for (let at = 0, i = 0; at < stream.length; at += sizes[i++ % sizes.length]!)
        expect(reader.push(stream.subarray(at, at + sizes[i % sizes.length]!))).toBe(true)
      expect(answers).toEqual([sent])
      expect(read.at(-1)).toBe(counts.at(-1))
      expect(counts).toEqual(expect.arrayContaining(read))
    }),
  )
})

test('a stream that begins otherwise is recognised at its first wrong byte', () => {
  const reader = () => new AnswerReader({ onAnswer: () => {}, onCount: () => {} })
  expect(reader().push(Buffer.from('H'))).toBe(false)
  const begun = reader()
  expect(begun.push(MAGIC.subarray(0, 3))).toBe(true)
  expect(begun.push(Buffer.from('X'))).toBe(false)
  expect(reader().push(Buffer.concat([MAGIC, Buffer.alloc(4, 1)]))).toBe(false)
})
