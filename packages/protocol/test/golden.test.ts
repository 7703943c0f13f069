import { describe, expect, test } from 'vitest'
import { decode, encode, FrameDecoder, frame, Type, typeName } from '../src/index'
import { golden, withoutDefaults } from './golden'

describe.each(golden)('golden $name', ({ message, bytes }) => {
  test('is decoded as what it says', () => {
    expect(withoutDefaults(decode(bytes))).toEqual(withoutDefaults(message))
  })
  test('is encoded to the same bytes as by the independent encoder', () => {
    expect(Buffer.from(encode(message))).toEqual(bytes)
    expect(Buffer.from(encode(decode(bytes)))).toEqual(bytes)
  })
})

test('there is a golden message of every type', () => {
  const seen = new Set(golden.map(({ message }) => message.type))
  expect(
    Object.values(Type)
      .filter((type) => !seen.has(type))
      .map(typeName),
  ).toEqual([])
})

test('a decoded message is a plain object with all scalars of its body', () => {
  const bytes = golden.find(({ name }) => name === 'wrapped-register-value')!.bytes
  const inner = {
    type: Type.NNAR_INTERNAL_VALUE,
    messageUuid: '9f0c-2',
    ToAbstractionId: 'app.nnar[x]',
    nnarInternalValue: { readId: 10, timestamp: 11, writerRank: 12, value: { defined: true, v: 42 } },
  }
  expect(JSON.parse(JSON.stringify(decode(bytes)))).toEqual({
    type: Type.NETWORK_MESSAGE,
    messageUuid: '9f0c-1',
    ToAbstractionId: 'app.nnar[x].pl',
    systemId: 'sys-1',
    networkMessage: { senderHost: '127.0.0.1', senderListeningPort: 5004, message: inner },
  })
})

describe('frames of the golden messages', () => {
  const stream = Buffer.concat(golden.map(({ bytes }) => frame(bytes)))
  const readInChunksOf = (sizeBytes: number) => {
    const decoder = new FrameDecoder(64 * 1024)
    const bodies: Buffer[] = []
    for (let at = 0; at < stream.length; at += sizeBytes)
      decoder.push(stream.subarray(at, at + sizeBytes), (body) => bodies.push(Buffer.from(body)))
    return bodies
  }
  test('come out the same however the stream is split', () => {
    const whole = golden.map(({ bytes }) => bytes)
    for (const sizeBytes of [1, 2, 3, 4, 5, 7, 64, 150, 1000, stream.length]) expect(readInChunksOf(sizeBytes)).toEqual(whole)
  })
  test('come out the same when split in two at any byte', () => {
    const { bytes } = golden.at(-1)!
    const two = Buffer.concat([frame(bytes), frame(bytes)])
    for (let at = 0; at <= two.length; at++) {
      const decoder = new FrameDecoder(1000)
      const bodies: Buffer[] = []
      for (const chunk of [two.subarray(0, at), two.subarray(at)]) decoder.push(chunk, (body) => bodies.push(Buffer.from(body)))
      expect(bodies).toEqual([bytes, bytes])
    }
  })
})
