import { expect, test } from 'vitest'
import { answer, closed, drip, encoded, freeAddress, header, listen, rawClient, rawServer, send, texts, until } from './support'

test('1,000 idle connections disturb nobody', async () => {
  const [a, b] = [await listen(), await listen()]
  a.endpoint.upgrade(b.address)
  for (let i = 0; i < 10; i++) await Promise.all(Array.from({ length: 100 }, () => rawClient(b.address)))
  await until('all are accepted', () => b.endpoint.counters.connections.open >= 1_000)
  send(a, b.address, ...texts(100))
  await b.untilReceived(100)
  expect(b.endpoint.counters.connections.evicted).toBe(0)
})

test('when connections are full, the one without a frame longest makes room; kept ones stay', async () => {
  const b = await listen({ limits: { connections: 3 } })
  const a = await listen()
  a.endpoint.upgrade(b.address)
  send(a, b.address, 'kept')
  await b.untilReceived(1)
  const [old, busy] = [await rawClient(b.address), await rawClient(b.address)]
  await until('both are accepted', () => b.endpoint.counters.connections.open === 3)
  old.write(encoded('1'))
  await b.untilReceived(2)
  busy.write(encoded('2'))
  await b.untilReceived(3)
  await rawClient(b.address)
  await closed(old)
  busy.write(encoded('3'))
  send(a, b.address, 'kept')
  await b.untilReceived(5)
  expect(b.endpoint.counters.connections).toMatchObject({ open: 3, evicted: 1 })
  expect(a.endpoint.counters.connections.opened).toBe(1)
})

test('slow writers are closed at the deadline, and honest frames pass meanwhile', async () => {
  const b = await listen({ limits: { frameDeadlineMs: 400 } })
  const slow = await Promise.all(Array.from({ length: 100 }, () => rawClient(b.address)))
  for (const socket of slow) socket.write(header(1_000))
  const stop = drip(20, () => {
    for (const socket of slow) if (socket.writable) socket.write('x')
  })
  const a = await listen()
  send(a, b.address, ...texts(100))
  await b.untilReceived(100)
  await Promise.all(slow.map(closed))
  stop()
  expect(b.endpoint.counters.malformed.deadline).toBe(100)
})

test('a connection whose frames take long waits for others, is not read meanwhile, and loses nothing when it ends', async () => {
  const taken: string[] = []
  const slowly = (body: Uint8Array) => {
    const text = Buffer.from(body).toString()
    taken.push(text)
    if (text.startsWith('slow')) for (const end = performance.now() + 1; performance.now() < end; );
  }
  const b = await listen({ onFrame: slowly })
  const slow = texts(300, 'slow')
  const [socket, quick] = [await rawClient(b.address), await rawClient(b.address)]
  socket.end(Buffer.concat(slow.map((text) => encoded(text))))
  await until('it is being taken', () => taken.length > 0)
  quick.write(encoded('quick'))
  await until('all is taken', () => taken.length === 301)
  expect(taken.filter((text) => text !== 'quick')).toEqual(slow)
  expect(taken.indexOf('quick')).toBeLessThan(300)
})

test('connect-and-close loops leave nothing behind', async () => {
  const b = await listen()
  for (let i = 0; i < 500; i++) {
    const socket = await rawClient(b.address)
    if (i % 2 === 0) socket.end()
    else socket.resetAndDestroy()
  }
  await until('none is open', () => b.endpoint.counters.connections.open === 0)
  const a = await listen()
  send(a, b.address, 'x')
  await b.untilReceived(1)
})

test.each(['kept', 'classic'] as const)('a peer that never reads costs its own bounded queue only (%s)', async (kind) => {
  const { address } = await rawServer((socket) => {
    socket.once('data', () => {
      if (kind === 'kept') socket.write(answer())
      socket.pause()
    })
  })
  const limits = { queueBytes: 64_000_000, frameBytes: 16_000_000 }
  const [a, other] = [await listen({ limits }), await listen()]
  if (kind === 'kept') a.endpoint.upgrade(address)
  const body = new Uint8Array(8_000_000)
  for (let i = 0; i < 50; i++) {
    a.endpoint.send(address, body)
    send(a, other.address, `${i}`)
    await other.untilReceived(i + 1)
    expect(a.endpoint.counters.queues.bytes).toBeLessThanOrEqual(64_000_000)
  }
  expect(a.givenUp).toEqual([[address, 'queue-full']])
  expect(a.endpoint.givenUp).toEqual([address])
  expect(a.endpoint.counters).toMatchObject({ givenUp: { byUs: 1 }, queues: { bytes: 0 } })
  expect(a.lines.filter(({ message }) => message === 'peer is given up')).toHaveLength(1)
})

test('jammed peers share a bound; the peer that holds most is given up for it, so that every other peer still has room', async () => {
  const a = await listen({ limits: { totalQueueBytes: 1_000_000 } })
  const [jammed, another, healthy] = [await freeAddress(), await freeAddress(), await freeAddress()]
  const body = new Uint8Array(10_000)
  for (let i = 0; i < 60; i++) a.endpoint.send(jammed, body)
  for (let i = 0; i < 38; i++) a.endpoint.send(another, body)
  expect(a.givenUp).toEqual([])
  for (let i = 0; i < 8; i++) expect(a.endpoint.send(healthy, body)).toBe('queued')
  expect(a.givenUp).toEqual([[jammed, 'queue-full']])
  expect(a.endpoint.counters.queues.bytes).toBeLessThanOrEqual(1_000_000)
})
