import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FrameDecoder, FrameError, frame } from './framing'

function decode(decoder: FrameDecoder, ...chunks: Uint8Array[]): Uint8Array[] {
  const bodies: Uint8Array[] = []
  for (const chunk of chunks) decoder.push(chunk, (body) => bodies.push(body))
  return bodies
}

function thrownBy(action: () => unknown): FrameError {
  try {
    action()
  } catch (error) {
    if (error instanceof FrameError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

const header = (length: number) => Uint8Array.of(length >>> 24, length >>> 16, length >>> 8, length)

describe('frame', () => {
  test('is a 4-byte big-endian length and the body', () => {
    expect([...frame(Uint8Array.of(7, 8, 9))]).toEqual([0, 0, 0, 3, 7, 8, 9])
    expect([...frame(new Uint8Array(0x0102)).subarray(0, 4)]).toEqual([0, 0, 1, 2])
  })

  test('refuses an empty body and one above the limit, naming both lengths', () => {
    expect(thrownBy(() => frame(new Uint8Array(0)))).toMatchObject({ code: 'empty', found: 0 })
    expect(thrownBy(() => frame(new Uint8Array(11), 10))).toMatchObject({
      code: 'too-long',
      found: 11,
      expected: 'a length of 1 to 10 bytes',
    })
  })
})

describe('FrameDecoder', () => {
  test('gives back any bodies from any split of the stream', () => {
    const bodies = fc.array(fc.uint8Array({ minLength: 1, maxLength: 2_000 }), { maxLength: 20 })
    const cuts = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(bodies, cuts, (sent, sizes) => {
        const stream = Buffer.concat(sent.map((body) => frame(body)))
        const chunks: Uint8Array[] = []
        for (let at = 0, i = 0; at < stream.length; at += sizes[i++ % sizes.length]!)
          chunks.push(stream.subarray(at, at + sizes[i % sizes.length]!))
        const decoder = new FrameDecoder()
        expect(decode(decoder, ...chunks).map((body) => Uint8Array.from(body))).toEqual(sent)
        expect(decoder.pendingBytes).toBe(0)
      }),
    )
  })

  test('a body that was handed over belongs to the application: later frames, each cut in two, leave it as it is', () => {
    const sent = [1, 2, 3, 4].map((i) => new Uint8Array(100).fill(i))
    const halves = sent.flatMap((body) => [frame(body).subarray(0, 50), frame(body).subarray(50)])
    const straddling = Buffer.concat(sent.map((body) => frame(body)))
    for (const chunks of [
      halves,
      [straddling.subarray(0, 50), straddling.subarray(50, 150), straddling.subarray(150, 290), straddling.subarray(290)],
    ]) {
      const bodies = decode(new FrameDecoder(), ...chunks)
      expect(bodies.map((body) => Uint8Array.from(body))).toEqual(sent)
      bodies[0]?.fill(9)
      expect(bodies.slice(1).map((body) => Uint8Array.from(body))).toEqual(sent.slice(1))
    }
  })

  test('takes 1,000 frames from one chunk without copying a body', () => {
    const chunk = new Uint8Array(Buffer.concat(Array.from({ length: 1_000 }, (_, i) => frame(Uint8Array.of(i, i >> 8)))))
    let frames = 0
    new FrameDecoder().push(chunk, (body) => {
      expect(body.buffer).toBe(chunk.buffer)
      expect([...body]).toEqual([frames & 255, frames >> 8])
      frames++
    })
    expect(frames).toBe(1_000)
  })

  test('takes a frame of the limit a byte at a time, and counts what is pending', () => {
    const limitBytes = 200_000
    const bytes = frame(new Uint8Array(limitBytes).fill(5))
    const decoder = new FrameDecoder(limitBytes)
    let frames = 0
    let wrongCounts = 0
    for (let i = 0; i < bytes.length; i++) {
      if (decoder.pendingBytes !== i) wrongCounts++
      decoder.push(bytes.subarray(i, i + 1), (body) => {
        expect(Buffer.compare(body, bytes.subarray(4))).toBe(0)
        frames++
      })
    }
    expect(frames).toBe(1)
    expect(wrongCounts).toBe(0)
    expect(decoder.pendingBytes).toBe(0)
  })

  test.each([
    ['length 0', 0, 'empty'],
    ['the limit and one more', 1_048_577, 'too-long'],
    ['0x80000000', 0x80000000, 'too-long'],
    ['0xFFFFFFFF', 0xffffffff, 'too-long'],
    ['a little-endian length of 7', 0x07000000, 'too-long'],
  ])('refuses %s, in one chunk and a byte at a time', (_, length, code) => {
    expect(thrownBy(() => decode(new FrameDecoder(), header(length)))).toMatchObject({ code, found: length })
    expect(thrownBy(() => decode(new FrameDecoder(), ...[...header(length)].map((byte) => Uint8Array.of(byte))))).toMatchObject({
      code,
      found: length,
    })
  })

  test('hands over a frame before garbage, then throws, now and at every later push', () => {
    const decoder = new FrameDecoder()
    const bodies: number[][] = []
    const push = (bytes: Uint8Array) => decoder.push(bytes, (body) => bodies.push([...body]))
    expect(thrownBy(() => push(Buffer.concat([frame(Uint8Array.of(1)), Uint8Array.of(0xff, 0xff, 0xff, 0xff)]))).code).toBe('too-long')
    expect(thrownBy(() => push(frame(Uint8Array.of(2)))).code).toBe('too-long')
    expect(bodies).toEqual([[1]])
  })

  test('does not allocate what a header announces', () => {
    const before = process.memoryUsage().arrayBuffers
    const decoders = Array.from({ length: 200 }, () => {
      const decoder = new FrameDecoder(64 * 1024 * 1024)
      decode(decoder, header(64 * 1024 * 1024), Uint8Array.of(1))
      return decoder
    })
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024)
    expect(decoders[0]!.pendingBytes).toBe(5)
  })
})
