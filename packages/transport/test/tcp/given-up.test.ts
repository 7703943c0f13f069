import type { Address } from '@upon/transport/tcp'
import { describe, expect, test } from 'vitest'
import { Sessions } from '../../src/tcp/kept/sessions'
import { startProcess } from './process'
import { proxyTo } from './proxy'
import { closed, elapse, encoded, freeAddress, hello, id, listen, rawClient, send, texts, until } from './support'

const QUICK = { connectTimeoutMs: 300, answerTimeoutMs: 100, stallMs: 50, retryMaxMs: 100 }

/** Two processes that keep connections to each other, until nothing reaches `b` any more. */
async function cutOff(incarnations: 'one' | 'any' = 'any') {
  const limits = { ...QUICK, queueFrames: 100 }
  const [a, b, other] = [await listen({ limits, incarnations }), await listen({ limits, incarnations }), await listen()]
  const proxy = await proxyTo(() => b.address)
  a.endpoint.upgrade(other.address)
  const upgrade = () => a.endpoint.upgrade(proxy.address)
  upgrade()
  send(a, proxy.address, ...texts(10))
  await b.untilReceived(10)
  await until('all is acknowledged', () => a.endpoint.counters.queues.frames === 0)
  proxy.become('swallow')
  return { a, b, other, proxy, to: proxy.address }
}

describe('a peer that does not take what is sent to it until its queue is full', () => {
  test('is given up, for good: told, logged and counted once; the others go on', async () => {
    const { a, b, other, proxy, to } = await cutOff()
    const outcomes = send(a, to, ...texts(150, 'lost '))
    expect(outcomes).toEqual([...Array(100).fill('queued'), ...Array(50).fill('dropped')])
    expect(a.givenUp).toEqual([[to, 'queue-full']])
    expect(a.endpoint.givenUp).toEqual([to])
    expect(a.endpoint.counters).toMatchObject({ givenUp: { byUs: 1, byPeer: 0 }, frames: { dropped: { 'given-up': 150 } } })
    expect(a.lines.filter(({ message }) => message === 'peer is given up')).toHaveLength(1)
    proxy.become('pass')
    send(a, other.address, 'still here')
    await other.untilReceived(1)
    expect(send(a, to, 'later')).toEqual(['dropped'])
    expect(b.texts()).toEqual(texts(10))
  })

  test('starts again after forget', async () => {
    const { a, b, proxy, to } = await cutOff()
    send(a, to, ...texts(101))
    proxy.become('pass')
    a.endpoint.forget(to)
    a.endpoint.upgrade(to)
    send(a, to, 'new')
    await b.untilReceived(11)
    expect(b.texts().at(-1)).toBe('new')
  })
})

/** `b` does not take what `a` sends until it is given up; then it can be reached again. */
async function givenUpByAddress() {
  const limits = { ...QUICK, queueFrames: 100 }
  const frozen = await startProcess({ limits: { retryMaxMs: 100 } })
  const a = await listen({ limits })
  a.endpoint.upgrade(frozen.address)
  frozen.tell({ do: 'send', to: a.address, from: 0, count: 1, bytes: 10, upgrade: 'yes' })
  await a.untilReceived(1)
  frozen.child.kill('SIGSTOP')
  for (let i = 0; a.givenUp.length === 0; i++) {
    send(a, frozen.address, ...texts(50, `${i}`))
    await elapse(1)
  }
  return { a, frozen }
}

test('a process that was frozen until it was given up learns so when it goes on; nobody takes anything from it, nor it from them', async () => {
  const { a, frozen } = await givenUpByAddress()
  const before = a.received.length
  frozen.child.kill('SIGCONT')
  await until('it is refused', () => a.endpoint.counters.connections.refusedHere >= 1)
  frozen.tell({ do: 'send', to: a.address, from: 1, count: 5, bytes: 10, upgrade: 'yes' })
  const { counters, inOrder } = await frozen.report()
  expect(inOrder).toBe(true)
  expect(counters.givenUp).toEqual({ byUs: 0, byPeer: 1 })
  expect(counters.frames.dropped['given-up']).toBe(5)
  expect(a.received.length).toBe(before)
})

test('a process that never was there until it was given up is refused when it comes; another incarnation after it is not', async () => {
  const a = await listen({ limits: { ...QUICK, queueFrames: 10 } })
  const address = await freeAddress()
  a.endpoint.upgrade(address)
  send(a, address, ...texts(11))
  expect(a.givenUp).toEqual([[address, 'queue-full']])
  const late = await listen({ port: address.port })
  late.endpoint.upgrade(a.address)
  await until('it knows', () => late.ended.length === 1)
  await late.endpoint.close()
  const next = await listen({ port: address.port })
  next.endpoint.upgrade(a.address)
  send(next, a.address, 'x')
  await a.untilReceived(1)
  send(a, address, 'y')
  await next.untilReceived(1)
  expect(next.texts()).toEqual(['y'])
})

test('a frame that fits no queue at all is dropped for that, and nobody is given up', async () => {
  const [a, b] = [await listen({ limits: { queueBytes: 1_000 } }), await listen()]
  a.endpoint.upgrade(b.address)
  expect(a.endpoint.send(b.address, new Uint8Array(997))).toBe('dropped')
  expect(a.endpoint.counters.frames.dropped['too-long']).toBe(1)
  expect(a.endpoint.send(b.address, new Uint8Array(996))).toBe('queued')
  await b.untilReceived(1)
  expect(a.givenUp).toEqual([])
})

test('the handler that learns that a peer is given up may forget it', async () => {
  const address = await freeAddress()
  const a = await listen({ limits: { queueFrames: 2 }, onPeerGivenUp: (peer) => a.endpoint.forget(peer) })
  expect(send(a, address, '1', '2', '3', '4')).toEqual(['queued', 'queued', 'dropped', 'queued'])
  expect(a.endpoint.givenUp).toEqual([])
})

describe('pressure', () => {
  async function jam() {
    const a = await listen({ limits: { ...QUICK, queueFrames: 100, patienceMs: 200 } })
    const address = await freeAddress()
    a.endpoint.upgrade(address)
    return { a, address, pressure: a.endpoint.pressure }
  }

  test('rises at half of a queue, and hard at three quarters; it falls when that has drained to a quarter', async () => {
    const { a, address, pressure } = await jam()
    const seen: unknown[] = []
    const calls: string[] = []
    pressure.whenRoom(() => calls.push('at once'))
    for (let i = 0; i < 80; i++) {
      send(a, address, `${i}`)
      seen.push([pressure.isFull, pressure.isOverfull].filter(Boolean).length)
    }
    expect(seen).toEqual([...Array(49).fill(0), ...Array(25).fill(1), ...Array(6).fill(2)])
    pressure.whenRoom(() => calls.push(`at ${a.endpoint.counters.queues.frames}`))
    expect(calls).toEqual(['at once'])
    const b = await listen({ port: address.port })
    await b.untilReceived(80)
    await until('there is room', () => calls.length === 2)
    expect(calls[1]).toBe('at 0')
    expect([pressure.isFull, pressure.isOverfull]).toEqual([false, false])
    expect(a.givenUp).toEqual([])
  })

  test('one that takes nothing does not hold the others back for long, and is given up by what they go on sending', async () => {
    const { a, address, pressure } = await jam()
    send(a, address, ...texts(60))
    expect(pressure.isFull).toBe(true)
    await new Promise<void>((resolve) => pressure.whenRoom(resolve))
    expect(a.givenUp).toEqual([])
    send(a, address, ...texts(41))
    expect(a.givenUp).toEqual([[address, 'queue-full']])
    expect([pressure.isFull, pressure.isOverfull]).toEqual([false, false])
  })

  test('an application that waits for room loses nothing, however much it sends, and its peer is never given up', async () => {
    const [a, b] = [await listen({ limits: { queueFrames: 100 } }), await listen()]
    a.endpoint.upgrade(b.address)
    for (let i = 0; i < 2_000; i++) {
      if (a.endpoint.pressure.isFull) await new Promise<void>((resolve) => a.endpoint.pressure.whenRoom(resolve))
      send(a, b.address, `${i}`)
    }
    await b.untilReceived(2_000)
    expect(b.texts()).toEqual(texts(2_000))
  })

  test('a listener that fills the queue again does not keep those after it from waiting', async () => {
    const { a, address, pressure } = await jam()
    send(a, address, ...texts(60))
    const order: string[] = []
    pressure.whenRoom(() => {
      order.push('first')
      send(a, address, ...texts(60))
    })
    pressure.whenRoom(() => order.push(`second, full: ${pressure.isFull}`))
    a.endpoint.forget(address)
    await until('the first is given up', () => order.length > 0)
    expect([order, pressure.isFull]).toEqual([['first'], true])
    a.endpoint.forget(address)
    await until('the second is given up', () => order.length > 1)
    expect(order).toEqual(['first', 'second, full: false'])
  })
})

describe('sessions', () => {
  test('of connected peers are never forgotten, even where one only may be remembered', () => {
    const sessions = new Sessions(1)
    const living = sessions.resume('a', 0)
    living.taken = 5
    for (const each of ['b', 'c', 'd']) sessions.resume(each, 0).taken = 1
    for (const each of ['b', 'c', 'd']) sessions.left(each)
    expect(sessions.resume('a', 0).taken).toBe(5)
    expect([sessions.get('b'), sessions.get('d')?.taken]).toEqual([undefined, 1])
  })

  test('of peers are not pushed out by strangers, and those of which nothing was taken take no room', () => {
    const sessions = new Sessions(2)
    sessions.resume('peer', 0).taken = 5
    sessions.left('peer', 'peers')
    sessions.resume('stranger', 0).taken = 1
    sessions.left('stranger')
    for (let i = 0; i < 5_000; i++) {
      sessions.resume(`empty ${i}`, 7)
      sessions.left(`empty ${i}`)
    }
    expect([sessions.get('peer')?.taken, sessions.get('stranger')?.taken]).toEqual([5, 1])
  })

  test('a peer that is away while 100 strangers come, each with a frame, goes on where it stood', async () => {
    const b = await listen({ limits: { sessions: 10 } })
    const a = await listen({ limits: QUICK })
    const proxy = await proxyTo(() => b.address)
    b.endpoint.upgrade(a.address)
    a.endpoint.upgrade(proxy.address)
    send(a, proxy.address, 'taken')
    await b.untilReceived(1)
    proxy.become('close')
    proxy.cut()
    for (let i = 0; i < 100; i++) {
      const socket = await rawClient(b.address)
      socket.write(Buffer.concat([hello({ session: id(i), address: { host: '10.0.0.1', port: 1 + i } }), encoded('stranger')]))
      await b.untilReceived(2 + i)
      socket.destroy()
    }
    send(a, proxy.address, 'later')
    proxy.become('pass')
    await until('it arrived', () => b.texts().at(-1) === 'later')
    expect(b.texts().filter((text) => text !== 'stranger')).toEqual(['taken', 'later'])
    expect([a.givenUp, a.endpoint.counters.connections.refusedByPeer]).toEqual([[], 0])
  })
})

describe('slots for connections', () => {
  test('more kept peers than are allowed are reported at set-up', async () => {
    const a = await listen({ limits: { connections: 2 } })
    const addresses: Address[] = []
    for (let i = 0; i < 3; i++) addresses.push(await freeAddress())
    expect(addresses.map((address) => a.endpoint.upgrade(address))).toEqual(['kept', 'kept', 'classic'])
    expect(a.endpoint.counters.connections.fallbacks).toBe(1)
    a.endpoint.forget(addresses[0] as Address)
    expect(a.endpoint.upgrade(addresses[2] as Address)).toBe('kept')
  })

  test('when peers hold all of them, strangers are turned away, and no peer is pushed out', async () => {
    const b = await listen({ limits: { connections: 2 } })
    const peers = [await listen(), await listen()]
    for (const peer of peers) {
      peer.endpoint.upgrade(b.address)
      b.endpoint.upgrade(peer.address)
      send(peer, b.address, 'x')
    }
    await b.untilReceived(2)
    for (let i = 0; i < 20; i++) await closed(await rawClient(b.address))
    for (const peer of peers) send(peer, b.address, 'y')
    await b.untilReceived(4)
    expect(peers.map((peer) => peer.endpoint.counters.connections.opened)).toEqual([1, 1])
  })
})
