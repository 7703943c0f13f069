import { ListenError } from '@upon/transport/tcp'
import { describe, expect, test } from 'vitest'
import { answer, elapse, freeAddress, HOST, listen, rawServer, send, texts, until } from './support'

describe.each(['classic', 'kept'] as const)('%s connections', (kind) => {
  const pair = async () => {
    const [a, b] = [await listen({ limits: { closeTimeoutMs: 600_000 } }), await listen()]
    if (kind === 'kept') a.endpoint.upgrade(b.address)
    return [a, b] as const
  }

  test('frames arrive once, whole and in order, with where they came from', async () => {
    const [a, b] = await pair()
    const sent = [...texts(500), 'last', 'x'.repeat(300_000)]
    send(a, b.address, ...sent)
    await b.untilReceived(sent.length)
    expect(b.texts()).toEqual(sent)
    expect(b.received[0]!.from).toMatchObject({ remoteAddress: HOST, remotePort: expect.any(Number) })
    expect(b.received[0]!.from.peer).toEqual(kind === 'kept' ? a.address : undefined)
    await until('all is acknowledged', () => a.endpoint.counters.queues.frames === 0)
    expect(a.endpoint.counters.frames).toMatchObject({ queued: 502, out: 502 })
    expect(a.endpoint.counters.connections.opened).toBe(kind === 'kept' ? 1 : 502)
    expect(a.endpoint.counters.queues).toEqual({ peers: 1, frames: 0, bytes: 0 })
    expect(b.endpoint.counters.frames.in).toBe(502)
  })

  test('the body may be used again as soon as send has returned', async () => {
    const [a, b] = await pair()
    const body = Buffer.from('one')
    a.endpoint.send(b.address, body)
    body.write('two')
    a.endpoint.send(b.address, body)
    await b.untilReceived(2)
    expect(b.texts()).toEqual(['one', 'two'])
  })

  test('close gives what is queued time to leave, can be repeated, and takes nothing more', async () => {
    const [a, b] = await pair()
    send(a, b.address, ...texts(200))
    await Promise.all([a.endpoint.close(), a.endpoint.close()])
    await b.untilReceived(200)
    expect(b.texts()).toEqual(texts(200))
    expect(send(a, b.address, 'late')).toEqual(['dropped'])
    expect(a.endpoint.counters.frames.dropped.closed).toBe(1)
  })

  test('a peer that is not there is reported once, its frames wait, and arrive when it comes', async () => {
    const a = await listen()
    const address = await freeAddress()
    if (kind === 'kept') a.endpoint.upgrade(address)
    send(a, address, ...texts(20))
    await until('several connections were refused', () => a.endpoint.counters.connections.refused >= 3)
    expect(a.down).toEqual([address])
    const b = await listen({ port: address.port })
    await b.untilReceived(20)
    expect(b.texts()).toEqual(texts(20))
    expect(a.up).toEqual([address])
  })

  test('close does not wait for a peer that is not there', async () => {
    const a = await listen({ limits: { closeTimeoutMs: 600_000 } })
    const address = await freeAddress()
    if (kind === 'kept') a.endpoint.upgrade(address)
    send(a, address, 'never')
    await until('it is down', () => a.down.length === 1)
    await a.endpoint.close()
    expect(a.endpoint.counters.frames.dropped.closed).toBe(1)
  })

  test('forget drops the queue; the next send starts again', async () => {
    const a = await listen()
    const address = await freeAddress()
    if (kind === 'kept') a.endpoint.upgrade(address)
    send(a, address, 'old', 'old')
    await until('it is down', () => a.down.length === 1)
    a.endpoint.forget(address)
    expect(a.endpoint.counters).toMatchObject({ queues: { peers: 0, frames: 0, bytes: 0 }, frames: { dropped: { forgotten: 2 } } })
    const b = await listen({ port: address.port })
    send(a, address, 'new')
    await b.untilReceived(1)
    expect(b.texts()).toEqual(['new'])
  })

  test('a handler that throws costs its frame only', async () => {
    const seen: string[] = []
    const b = await listen({
      onFrame(body) {
        seen.push(Buffer.from(body).toString())
        if (seen.length === 2) throw new Error('boom')
      },
    })
    const a = await listen()
    if (kind === 'kept') a.endpoint.upgrade(b.address)
    send(a, b.address, ...texts(5))
    await until('all were seen', () => seen.length === 5)
    expect(seen).toEqual(texts(5))
    expect(b.endpoint.counters.handlerErrors).toBe(1)
    expect(b.lines.some(({ message }) => message === 'the frame handler threw')).toBe(true)
  })
})

test('an upgrade in mid-stream keeps the order and loses nothing', async () => {
  const [a, b] = [await listen(), await listen()]
  send(a, b.address, ...texts(50))
  await b.untilReceived(5)
  a.endpoint.upgrade(b.address)
  send(a, b.address, ...texts(50, 'kept'))
  await b.untilReceived(100)
  expect(b.texts()).toEqual([...texts(50), ...texts(50, 'kept')])
})

test('with connections: classic, upgrade is ignored, and connections that others keep are accepted', async () => {
  const a = await listen({ connections: 'classic' })
  const b = await listen()
  a.endpoint.upgrade(b.address)
  b.endpoint.upgrade(a.address)
  send(a, b.address, ...texts(3))
  send(b, a.address, ...texts(3))
  await Promise.all([a.untilReceived(3), b.untilReceived(3)])
  expect(a.endpoint.counters.connections.opened).toBe(3)
  expect(b.endpoint.counters.connections.opened).toBe(1)
})

test('all kept frames of one tick leave in one write', async () => {
  const chunks: Buffer[] = []
  const { address } = await rawServer((socket) =>
    socket.on('data', (chunk) => {
      if (chunk[0] === 0xff) socket.write(answer())
      else chunks.push(chunk)
    }),
  )
  const a = await listen()
  a.endpoint.upgrade(address)
  await until('the connection stands', () => a.endpoint.counters.bytes.in > 0)
  send(a, address, ...texts(100))
  await until('something came', () => chunks.length > 0)
  expect(chunks[0]!.length).toBe(100 * 4 + texts(100).join('').length)
})

test('send drops what cannot be sent, counted by reason, and never throws', async () => {
  const a = await listen({ limits: { frameBytes: 10, peers: 1 } })
  const address = await freeAddress()
  expect(send(a, address, '', '12345678901')).toEqual(['dropped', 'dropped'])
  for (const port of [0, -1, 65_536, 1.5, Number.NaN]) expect(send(a, { host: HOST, port }, 'x')).toEqual(['dropped'])
  expect(send(a, { host: '', port: 1 }, 'x')).toEqual(['dropped'])
  a.endpoint.upgrade({ host: '', port: 0 })
  expect(send(a, address, 'x')).toEqual(['queued'])
  expect(send(a, { host: 'localhost', port: address.port }, 'x')).toEqual(['dropped'])
  expect(a.endpoint.counters.frames.dropped).toMatchObject({ empty: 1, 'too-long': 1, 'bad-address': 6, 'too-many-peers': 1 })
})

test('when there are too many peers, those that cannot be reached and have nothing queued make room, kept or not', async () => {
  const a = await listen({ limits: { peers: 2 } })
  const b = await listen()
  for (let i = 0; i < 10; i++) {
    a.endpoint.upgrade(await freeAddress())
    await until('it is down', () => a.down.length === i + 1)
  }
  send(a, b.address, 'x')
  await b.untilReceived(1)
  expect(a.endpoint.counters.queues.peers).toBe(2)
})

test('a host that cannot be resolved is counted, logged and tried again, and disturbs nobody', async () => {
  const [a, b] = [await listen(), await listen()]
  send(a, { host: 'no-such-host.invalid', port: 4_000 }, 'x')
  await until('it was tried', () => a.endpoint.counters.connections.failed >= 1)
  expect(a.lines.some(({ message }) => message === 'cannot connect')).toBe(true)
  expect(a.down).toEqual([])
  send(a, b.address, 'y')
  await b.untilReceived(1)
})

test('host names work, and are peers of their own', async () => {
  const [a, b] = [await listen(), await listen()]
  const byName = { host: 'localhost', port: b.address.port }
  a.endpoint.upgrade(byName)
  send(a, byName, 'x')
  send(a, b.address, 'y')
  await b.untilReceived(2)
  expect(a.endpoint.counters.queues.peers).toBe(2)
  const nobody = { host: 'localhost', port: (await freeAddress()).port }
  send(a, nobody, 'z')
  await until('it is down', () => a.down.length === 1)
  expect(a.down).toEqual([nobody])
})

test('a peer that keeps a connection to us is reported before its first frame', async () => {
  const seen: unknown[] = []
  const b = await listen({ onPeerKept: (address) => seen.push(address), onFrame: (body) => seen.push(Buffer.from(body).toString()) })
  const a = await listen()
  send(a, b.address, 'classic')
  await until('it arrived', () => seen.length === 1)
  a.endpoint.upgrade(b.address)
  send(a, b.address, 'kept')
  await until('it arrived', () => seen.length === 3)
  expect(seen).toEqual(['classic', a.address, 'kept'])
})

test('a sender that listens on a wildcard address is known by the address that it came from', async () => {
  const [a, b] = [await listen({ host: '0.0.0.0' }), await listen()]
  a.endpoint.upgrade(b.address)
  send(a, b.address, 'x')
  await b.untilReceived(1)
  expect(b.received[0]!.from.peer).toEqual({ host: HOST, port: a.address.port })
})

test('a port in use is a ListenError that says so', async () => {
  const a = await listen()
  const refusal = await listen({ port: a.address.port }).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(ListenError)
  expect(refusal).toMatchObject({ code: 'EADDRINUSE', address: a.address })
})

test('limits that make no sense are refused', async () => {
  await expect(listen({ limits: { connections: 0 } })).rejects.toThrow(RangeError)
  await expect(listen({ limits: { frameBytes: 2 ** 32 } })).rejects.toThrow(/frameBytes/)
})

test('while a promise of the frame handler is open, nothing more is read from that connection, and no deadline strikes; the sender keeps what it has', async () => {
  let goOn = (): void => {}
  const taken: number[] = []
  const b = await listen({
    limits: { frameDeadlineMs: 50 },
    onFrame: (body) => {
      taken.push(body.length)
      return taken.length === 1 ? new Promise<void>((resolve) => (goOn = resolve)) : undefined
    },
  })
  const a = await listen()
  a.endpoint.upgrade(b.address)
  const count = 300
  for (let i = 0; i < count; i++) a.endpoint.send(b.address, new Uint8Array(100_000))
  await until('the first came', () => taken.length > 0)
  await elapse(150)
  expect(taken.length).toBeLessThan(count / 2)
  goOn()
  await until('all came', () => taken.length === count)
  expect(b.endpoint.counters.malformed.deadline).toBe(0)
})
