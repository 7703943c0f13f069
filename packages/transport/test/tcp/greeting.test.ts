import type { Greeting } from '@upon/transport/tcp'
import { describe, expect, test } from 'vitest'
import { decodeAnswer } from '../../src/tcp/kept/preamble'
import { closed, freeAddress, HOST, header, hello, id, listen, rawClient, rawServer, send, texts, until } from './support'

const saying = (text: string) => () => Buffer.from(text)
const textOf = ({ payload }: Greeting) => Buffer.from(payload).toString()

describe('processes that differ in what they must agree about', () => {
  const judge = (greeting: Greeting) =>
    textOf(greeting) === 'right' ? { peer: greeting.address } : { refuse: `here it is right, not ${textOf(greeting)}` }

  test('are refused, logged and counted at both ends, tried rarely, and nothing of theirs is taken', async () => {
    const a = await listen({ hello: saying('wrong') })
    const b = await listen({ hello: saying('right'), onHello: judge })
    a.endpoint.upgrade(b.address)
    send(a, b.address, 'x')
    await until('both ends log it', () =>
      [a, b].every(({ lines }) => lines.some(({ details }) => details.reason === 'here it is right, not wrong')),
    )
    expect(b.endpoint.counters).toMatchObject({ connections: { refusedHere: 1 }, frames: { in: 0 } })
    expect(a.endpoint.counters).toMatchObject({ connections: { refusedByPeer: 1, opened: 1 }, queues: { frames: 1 } })
  })

  test('are refused by the end that opens the connection, too', async () => {
    const b = await listen({ hello: saying('wrong') })
    const a = await listen({ hello: saying('right'), onHello: judge })
    a.endpoint.upgrade(b.address)
    send(a, b.address, 'x')
    await until('it is logged', () => a.endpoint.counters.connections.refusedHere === 1)
    expect(a.lines).toContainEqual(expect.objectContaining({ message: 'the answering process is refused' }))
    expect(b.received).toEqual([])
  })

  test('talk as soon as they agree', async () => {
    let says = 'wrong'
    const a = await listen({ hello: () => Buffer.from(says) })
    const b = await listen({ hello: saying('right'), onHello: judge })
    a.endpoint.upgrade(b.address)
    send(a, b.address, 'x')
    await until('it is refused', () => a.endpoint.counters.connections.refusedByPeer === 1)
    says = 'right'
    a.endpoint.greetAgain()
    await b.untilReceived(1)
  })

  test('a refused process that is replaced by a right one need not wait: that comes by itself', async () => {
    const wrong = await listen({ hello: saying('wrong') })
    const b = await listen({ hello: saying('right'), onHello: judge })
    b.endpoint.upgrade(wrong.address)
    send(b, wrong.address, 'for the right one')
    await until('it is refused', () => b.endpoint.counters.connections.refusedHere >= 1)
    await wrong.endpoint.close()
    const right = await listen({ port: wrong.address.port, hello: saying('right') })
    right.endpoint.upgrade(b.address)
    await right.untilReceived(1)
  })
})

test('greeting again loses, doubles and disorders nothing', async () => {
  const [a, b] = [await listen(), await listen()]
  a.endpoint.upgrade(b.address)
  b.endpoint.upgrade(a.address)
  for (let round = 0; round < 5; round++) {
    send(a, b.address, ...texts(100, `${round}:`))
    send(b, a.address, ...texts(100, `${round}:`))
    await b.untilReceived(100 * round + 50)
    ;(round % 2 === 0 ? a : b).endpoint.greetAgain()
  }
  await Promise.all([a.untilReceived(500), b.untilReceived(500)])
  const sent = [0, 1, 2, 3, 4].flatMap((round) => texts(100, `${round}:`))
  expect([a.texts(), b.texts()]).toEqual([sent, sent])
})

test('a handler that throws refuses, and does no other harm', async () => {
  const b = await listen({
    onHello: () => {
      throw new Error('boom')
    },
  })
  const a = await listen()
  a.endpoint.upgrade(b.address)
  await until('it is refused', () => a.endpoint.counters.connections.refusedByPeer === 1)
  expect(b.endpoint.counters.handlerErrors).toBe(1)
})

test('what comes from outside is logged on one line, clipped', async () => {
  const b = await listen({ onHello: () => ({ refuse: `\u001b[2J${'x'.repeat(5_000)}\n` }) })
  const a = await listen()
  a.endpoint.upgrade(b.address)
  await until('it is logged', () => a.lines.some(({ message }) => message === 'the peer refuses this process'))
  const reason = String(a.lines.find(({ message }) => message === 'the peer refuses this process')?.details.reason)
  expect(reason).not.toContain('\u001b')
  expect(reason.length).toBeLessThan(1_100)
})

test('a peer of later versions only gets a refusal in the words of this version', async () => {
  const b = await listen()
  const socket = await rawClient(b.address)
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  const later = Buffer.from(hello().subarray(8))
  later[0] = 9
  later[1] = 9
  socket.write(Buffer.concat([hello().subarray(0, 4), header(later.length), later]))
  await closed(socket)
  expect(decodeAnswer(Buffer.concat(chunks).subarray(8))?.refusal?.code).toBe('version')
})

describe('incarnations', () => {
  const restart = async (incarnations: 'one' | 'any') => {
    const replaced: unknown[] = []
    const a = await listen({ incarnations, onPeerReplaced: (address) => replaced.push(address) })
    const first = await listen({ incarnations })
    a.endpoint.upgrade(first.address)
    first.endpoint.upgrade(a.address)
    send(a, first.address, '1')
    await first.untilReceived(1)
    await until('all is acknowledged', () => a.endpoint.counters.queues.frames === 0)
    await first.endpoint.close()
    const second = await listen({ incarnations, port: first.address.port })
    second.endpoint.upgrade(a.address)
    return { a, second, replaced }
  }

  test('one: a process that comes back is refused for good, at both ends', async () => {
    const { a, second, replaced } = await restart('one')
    await until('the old one is given up', () => a.givenUp.length === 1)
    await until('the new one knows', () => second.ended.length === 1)
    expect(a.givenUp).toEqual([[second.address, 'replaced']])
    expect(send(a, second.address, '2')).toEqual(['dropped'])
    expect(send(second, a.address, '3')).toEqual(['dropped'])
    expect([a.received.length, second.received.length, replaced.length]).toEqual([0, 0, 0])
    expect(a.lines.some(({ message }) => message === 'connection refused')).toBe(true)
  })

  test('any: it is reported, and goes on where the one before it stood', async () => {
    const { a, second, replaced } = await restart('any')
    send(a, second.address, '2')
    send(second, a.address, '3')
    await Promise.all([a.untilReceived(1), second.untilReceived(1)])
    expect([a.texts(), second.texts(), a.givenUp]).toEqual([['3'], ['2'], []])
    expect(replaced).toEqual([second.address])
  })

  test('both ends come back, again and again', async () => {
    const addresses = [await freeAddress(), await freeAddress()] as const
    for (let round = 0; round < 3; round++) {
      const [a, b] = [await listen({ port: addresses[0].port }), await listen({ port: addresses[1].port })]
      a.endpoint.upgrade(b.address)
      b.endpoint.upgrade(a.address)
      send(a, b.address, ...texts(10, `${round}:`))
      send(b, a.address, ...texts(10, `${round}:`))
      await Promise.all([a.untilReceived(10), b.untilReceived(10)])
      expect([a.texts(), b.texts()]).toEqual([texts(10, `${round}:`), texts(10, `${round}:`)])
      await Promise.all([a.endpoint.close(), b.endpoint.close()])
    }
  })
})

describe('a session that the receiver no longer knows', () => {
  /** An acceptor that is asked for a session by one that says it has been here before. */
  async function ask(parts: object) {
    const b = await listen()
    const socket = await rawClient(b.address)
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.write(hello({ dropped: 10, expected: b.endpoint.incarnation, ...parts }))
    await until('it is answered', () => chunks.length > 0)
    return decodeAnswer(Buffer.concat(chunks).subarray(8))
  }

  test('is refused where a frame might be taken twice', async () => {
    expect((await ask({ doubtful: true }))?.refusal?.code).toBe('forgotten')
  })

  test('goes on where none can', async () => {
    expect(await ask({ doubtful: false })).toMatchObject({ taken: 10, refusal: undefined })
  })
})

test('a connection that was begun earlier does not push out the later one', async () => {
  const b = await listen()
  const [late, early] = [await rawClient(b.address), await rawClient(b.address)]
  late.write(hello({ connection: 2 }))
  await until('it is there', () => b.endpoint.counters.bytes.in > 0)
  early.write(hello({ connection: 1 }))
  await closed(early)
  expect(late.readableEnded || late.destroyed).toBe(false)
})

test('an opener whose answer is refused as over stops, and drops what it had', async () => {
  const { encodeAnswer } = await import('../../src/tcp/kept/preamble')
  const refusal = { code: 'given-up', text: 'you were away' } as const
  const { address } = await rawServer((socket) =>
    socket.once('data', () => socket.end(encodeAnswer({ incarnation: id(3), payload: new Uint8Array(0), taken: 0, refusal }))),
  )
  const a = await listen()
  a.endpoint.upgrade(address)
  send(a, address, 'x')
  await until('it knows', () => a.ended.length === 1)
  expect(send(a, { host: HOST, port: address.port }, 'y')).toEqual(['dropped'])
  expect(a.endpoint.counters).toMatchObject({ givenUp: { byPeer: 1 }, frames: { dropped: { 'given-up': 2 } }, queues: { frames: 0 } })
  expect(a.endpoint.givenUp).toEqual([address])
})
