import type { MalformedReason } from '@upon/transport/tcp'
import { describe, expect, test } from 'vitest'
import { closed, drip, elapse, encoded, header, listen, rawClient, seededRandom, send, texts, until } from './support'

const LIMIT_BYTES = 1_000
type Endpoint = Awaited<ReturnType<typeof listen>>

/** The endpoint has counted and told exactly this, and is still of use to others. */
async function expectMalformed(b: Endpoint, reason: MalformedReason): Promise<void> {
  await until(`${reason} is counted`, () => b.endpoint.counters.malformed[reason] === 1)
  expect(Object.values(b.endpoint.counters.malformed).reduce((sum, count) => sum + count)).toBe(1)
  expect(b.lines.filter(({ message }) => message.startsWith('malformed input')).map(({ details }) => details.reason)).toEqual([reason])
  const before = b.received.length
  const a = await listen()
  send(a, b.address, 'still there')
  await b.untilReceived(before + 1)
  await until('no connection is left', () => b.endpoint.counters.connections.open === 0)
}

describe('a stream that is not ours is closed, counted and logged with its reason:', () => {
  const MAGIC = Buffer.from([0xff, 0x55, 0x50, 0x4e])
  test.each<[string, Buffer, MalformedReason]>([
    ['length 0', header(0), 'empty'],
    ['0xFFFFFFFF', header(0xffffffff), 'too-long'],
    ['0x80000000', header(0x80000000), 'too-long'],
    ['the limit and one more', header(LIMIT_BYTES + 1), 'too-long'],
    ['a little-endian length', Buffer.from([5, 0, 0, 0, 1, 2, 3, 4, 5]), 'too-long'],
    ['nearly the preamble', Buffer.from([0xff, 0x55, 0x50, 0x4d, 1, 2, 3]), 'too-long'],
    ['a preamble with a short hello', Buffer.concat([MAGIC, encoded('hello')]), 'bad-hello'],
    ['a preamble of version 1', Buffer.concat([MAGIC, header(30), Buffer.of(1), Buffer.alloc(29, 9)]), 'bad-hello'],
    ['a preamble with a hello beyond its limit', Buffer.concat([MAGIC, header(40_000)]), 'too-long'],
    ['a preamble and then a length of 0', Buffer.concat([MAGIC, header(0)]), 'empty'],
  ])('%s', async (_, bytes, reason) => {
    const b = await listen({ limits: { frameBytes: LIMIT_BYTES } })
    const socket = await rawClient(b.address)
    socket.write(bytes)
    await closed(socket)
    await expectMalformed(b, reason)
  })

  test.each<[string, Buffer, MalformedReason]>([
    ['FIN after 1 header byte', header(9).subarray(0, 1), 'cut-header'],
    ['FIN after 2 header bytes', header(9).subarray(0, 2), 'cut-header'],
    ['FIN after 3 header bytes', header(9).subarray(0, 3), 'cut-header'],
    ['FIN after 2 bytes of the preamble', MAGIC.subarray(0, 2), 'cut-header'],
    ['FIN in mid-body', encoded('body').subarray(0, 6), 'cut-body'],
    ['FIN after the header', header(9), 'cut-body'],
  ])('%s', async (_, bytes, reason) => {
    const b = await listen()
    const socket = await rawClient(b.address)
    socket.end(bytes)
    await closed(socket)
    await expectMalformed(b, reason)
  })

  test('RST in mid-body', async () => {
    const b = await listen()
    const socket = await rawClient(b.address)
    socket.write(encoded('body').subarray(0, 6))
    await until('it has been read', () => b.endpoint.counters.bytes.in === 6)
    socket.resetAndDestroy()
    await expectMalformed(b, 'reset-in-frame')
  })

  test('a frame then garbage: the frame is taken', async () => {
    const b = await listen()
    const socket = await rawClient(b.address)
    socket.write(Buffer.concat([encoded('good'), Buffer.from('garbage here')]))
    await closed(socket)
    await expectMalformed(b, 'too-long')
    expect(b.texts()[0]).toBe('good')
  })

  test.each<[string, Buffer]>([
    ['a header then silence', header(9)],
    ['half a header then silence', header(9).subarray(0, 2)],
    ['a preamble then silence', MAGIC],
  ])('%s, after the deadline', async (_, bytes) => {
    const b = await listen({ limits: { frameDeadlineMs: 100 } })
    const socket = await rawClient(b.address)
    socket.write(bytes)
    await closed(socket)
    await expectMalformed(b, 'deadline')
  })

  test('a byte at a time beyond the absolute deadline of the frame', async () => {
    const b = await listen({ limits: { frameDeadlineMs: 200 } })
    const socket = await rawClient(b.address)
    const bytes = encoded('x'.repeat(5_000))
    let sent = 0
    const stop = drip(5, () => socket.writable && socket.write(bytes.subarray(sent, ++sent)))
    await closed(socket)
    stop()
    await expectMalformed(b, 'deadline')
  })
})

test('a byte at a time within the deadline is accepted, frame after frame', async () => {
  const b = await listen()
  const socket = await rawClient(b.address)
  for (const byte of Buffer.concat(texts(5, 'frame').map(encoded))) {
    await new Promise((resolve) => socket.write(Buffer.of(byte), resolve))
  }
  await b.untilReceived(5)
  expect(b.texts()).toEqual(texts(5, 'frame'))
})

test('each frame has its own deadline: a connection that goes on sending whole frames may live longer', async () => {
  const b = await listen({ limits: { frameDeadlineMs: 300 } })
  const socket = await rawClient(b.address)
  for (let i = 1; i <= 8; i++) {
    socket.write(encoded(`${i}`))
    await b.untilReceived(i)
    await elapse(60)
  }
  expect(socket.destroyed).toBe(false)
})

test('a frame that arrived while this process was busy beyond the deadline is taken, not judged late', async () => {
  const b = await listen({ limits: { frameDeadlineMs: 100 } })
  const socket = await rawClient(b.address)
  await until('it is accepted', () => b.endpoint.counters.connections.open === 1)
  await new Promise<void>((resolve) =>
    setImmediate(() => {
      socket.write(encoded('in time'))
      for (const end = performance.now() + 250; performance.now() < end; );
      resolve()
    }),
  )
  await b.untilReceived(1)
})

test('1,000 frames in one chunk, and a frame of the limit, are taken', async () => {
  const b = await listen({ limits: { frameBytes: LIMIT_BYTES } })
  const socket = await rawClient(b.address)
  const sent = [...texts(1_000), 'x'.repeat(LIMIT_BYTES)]
  socket.end(Buffer.concat(sent.map(encoded)))
  await b.untilReceived(1_001)
  expect(b.texts()).toEqual(sent)
  await closed(socket)
})

test('a classic connection that is idle after its frames, or sends none, is closed after the deadline and counts as idle', async () => {
  const b = await listen({ limits: { frameDeadlineMs: 100 } })
  const [silent, once] = [await rawClient(b.address), await rawClient(b.address)]
  once.write(encoded('x'))
  await Promise.all([closed(silent), closed(once)])
  expect(b.endpoint.counters.connections.idle).toBe(2)
  expect(b.texts()).toEqual(['x'])
})

test('an idle kept connection is left open', async () => {
  const b = await listen({ limits: { frameDeadlineMs: 50 } })
  const a = await listen()
  a.endpoint.upgrade(b.address)
  send(a, b.address, 'x')
  await b.untilReceived(1)
  await elapse(200)
  send(a, b.address, 'y')
  await b.untilReceived(2)
  expect(a.endpoint.counters.connections.opened).toBe(1)
})

test('random bytes never crash an endpoint, and at most 10 lines on them are logged in 5 s', async () => {
  const b = await listen()
  const random = seededRandom(7)
  for (let i = 0; i < 200; i++) {
    const socket = await rawClient(b.address)
    socket.end(Buffer.from(Array.from({ length: 1 + (i % 40) }, () => random(256))))
    await closed(socket)
  }
  const a = await listen()
  send(a, b.address, 'alive')
  await until('the frame arrived', () => b.texts().includes('alive'))
  expect(b.lines.length).toBeLessThanOrEqual(20)
})
