import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FrameDecoder } from './framing'
import { CountReader, decodeHello, encodeAnswer, encodeHello, MAGIC, writeCount } from './preamble'

const session = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('hex'))
const count = fc.maxSafeNat()

test('a hello is read as it was written, behind four bytes that no frame begins with', () => {
  fc.assert(
    fc.property(
      session,
      count,
      fc.string({ maxLength: 255, unit: 'binary' }),
      fc.integer({ min: 1, max: 65_535 }),
      (id, dropped, host, port) => {
        const bytes = encodeHello({ session: id, dropped, address: { host, port } })
        expect(() => new FrameDecoder(0x7fffffff).push(bytes, () => {})).toThrow(/too long/)
        new FrameDecoder().push(bytes.subarray(MAGIC.length), (body) => {
          expect(decodeHello(body)).toEqual({ session: id, dropped, address: { host: Buffer.from(host).toString(), port } })
        })
      },
    ),
  )
})

test('what is not a hello is undefined, and nothing throws', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => bytes[0] === 1 || decodeHello(bytes) === undefined))
  const good = encodeHello({ session: '00'.repeat(16), dropped: 1, address: { host: 'h', port: 1 } }).subarray(8)
  expect(decodeHello(good)).toBeDefined()
  expect(decodeHello(good.subarray(0, 26))).toBeUndefined()
  expect(decodeHello(Buffer.concat([good, Buffer.alloc(2_000, 65)]))).toBeUndefined()
  expect(decodeHello(Uint8Array.from(good).fill(255, 17, 25))).toBeUndefined()
  expect(decodeHello(Uint8Array.from(good).fill(0, 25, 27))).toBeUndefined()
})

test('counts are read from any split of the stream', () => {
  fc.assert(
    fc.property(
      fc.array(count, { minLength: 1, maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
      (counts, sizes) => {
        const parts = [encodeAnswer(counts[0]!)]
        for (const further of counts.slice(1)) {
          const bytes = new Uint8Array(8)
          writeCount(bytes, 0, further)
          parts.push(bytes)
        }
        const stream = Buffer.concat(parts)
        const reader = new CountReader()
        const read: number[] = []
        for (let at = 0, i = 0; at < stream.length; at += sizes[i++ % sizes.length]!) {
          expect(reader.push(stream.subarray(at, at + sizes[i % sizes.length]!), (value) => read.push(value))).toBe(true)
        }
        expect(read.at(-1)).toBe(counts.at(-1))
        expect(counts).toEqual(expect.arrayContaining(read))
      },
    ),
  )
})

test('a stream that begins otherwise is told from an answer at its first wrong byte', () => {
  expect(new CountReader().push(Buffer.from('H'), () => {})).toBe(false)
  const reader = new CountReader()
  expect(reader.push(MAGIC.subarray(0, 3), () => {})).toBe(true)
  expect(reader.push(Buffer.from('X'), () => {})).toBe(false)
})
