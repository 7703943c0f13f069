import { connect, type Socket } from 'node:net'
import type { Address } from '@upon/links/tcp'
import { expect, test } from 'vitest'
import { freeAddress, HOST, listen, rawServer, seededRandom, send, until } from './support'

/** A TCP proxy that hands on streams in pieces, and resets both sides when it likes. */
async function resettingProxy(target: () => Address, seed: number, resetOneIn: number) {
  const random = seededRandom(seed)
  let resets = 0
  let calm = false
  const broken = new WeakSet<Socket>()
  const hand = (from: Socket, to: Socket) => {
    from.on('data', (chunk) => {
      if (broken.has(from)) return
      const cut = random(resetOneIn) === 0 && !calm
      to.write(cut ? chunk.subarray(0, random(chunk.length)) : chunk)
      if (!cut) return
      resets++
      broken.add(from).add(to)
      setTimeout(() => {
        from.resetAndDestroy()
        to.resetAndDestroy()
      }, random(3))
    })
    from.on('error', () => to.destroy())
    from.on('close', () => to.destroy())
  }
  const { address } = await rawServer((front) => {
    const { host, port } = target()
    const back = connect({ host, port })
    hand(front, back)
    hand(back, front)
  })
  return {
    address,
    resets: () => resets,
    calmDown() {
      calm = true
    },
  }
}

test.each([1, 2, 3])('no frame is lost, doubled or out of order under random resets in mid-frame (seed %i)', async (seed) => {
  const random = seededRandom(seed * 7_919)
  const [a, b] = [await listen(), await listen()]
  const proxy = await resettingProxy(() => b.address, seed, 12)
  a.endpoint.upgrade(proxy.address)
  const sent: string[] = []
  while (sent.length < 6_000 || proxy.resets() < 20) {
    const burst = Array.from({ length: 1 + random(60) }, (_, i) => `${sent.length + i}:${'x'.repeat(random(900))}`)
    send(a, proxy.address, ...burst)
    sent.push(...burst)
    await new Promise((resolve) => setTimeout(resolve, random(4)))
  }
  proxy.calmDown()
  await b.untilReceived(sent.length)
  await until('all is acknowledged', () => a.endpoint.counters.queues.frames === 0)
  expect(b.texts()).toEqual(sent)
  expect(a.endpoint.counters.connections.opened).toBeGreaterThan(10)
  expect(a.endpoint.counters.connections.fallbacks).toBe(0)
})

test('frames that one incarnation acknowledged do not reach the next; what it did not does, without a gap', async () => {
  const a = await listen()
  const first = await listen()
  a.endpoint.upgrade(first.address)
  send(a, first.address, '1', '2', '3')
  await first.untilReceived(3)
  await until('all is acknowledged', () => a.endpoint.counters.queues.frames === 0)
  await first.endpoint.close()
  await until('it is down', () => a.down.length === 1)
  send(a, first.address, '4', '5')
  const second = await listen({ port: first.address.port })
  await second.untilReceived(2)
  send(a, first.address, '6')
  await second.untilReceived(3)
  expect(second.texts()).toEqual(['4', '5', '6'])
  expect(a.up).toEqual([first.address])
})

test('more sessions than are remembered: those connected are never forgotten', async () => {
  const b = await listen({ limits: { sessions: 2 } })
  const senders = await Promise.all(Array.from({ length: 6 }, () => listen()))
  for (const [i, a] of senders.entries()) {
    a.endpoint.upgrade(b.address)
    send(a, b.address, `${i}`)
  }
  await b.untilReceived(6)
  for (const a of senders) send(a, b.address, 'again')
  await b.untilReceived(12)
  expect(b.texts().filter((text) => text === 'again')).toHaveLength(6)
})

test('a peer that acknowledges what was never sent is not believed, and costs only itself', async () => {
  const liar = await rawServer((socket) => {
    socket.once('data', (chunk) => socket.write(Buffer.concat([chunk.subarray(0, 4), Buffer.alloc(8, 7)])))
  })
  const [a, b] = [await listen(), await listen()]
  a.endpoint.upgrade(liar.address)
  send(a, liar.address, 'x')
  await until('it is told', () => a.lines.some(({ message }) => message === 'peer acknowledged frames that were not sent'))
  send(a, b.address, 'y')
  await b.untilReceived(1)
})

test('a peer that answers and closes again and again is tried with growing delays', async () => {
  let accepted = 0
  const { address } = await rawServer((socket) => {
    accepted++
    socket.once('data', (chunk) => socket.end(Buffer.concat([chunk.subarray(0, 4), Buffer.alloc(8)])))
  })
  const a = await listen({ limits: { retryMaxMs: 10_000 } })
  a.endpoint.upgrade(address)
  send(a, address, 'x')
  await until('it was tried several times', () => accepted >= 5)
  await new Promise((resolve) => setTimeout(resolve, 400))
  expect(accepted).toBeLessThan(15)
  expect(a.endpoint.counters.queues.frames).toBe(1)
})

test('a sender that never reads its acknowledgements does not make the receiver hold more and more', async () => {
  const b = await listen()
  const hello = Buffer.alloc(4 + 4 + 27 + HOST.length)
  hello.set([0xff, 0x55, 0x50, 0x4e, 0, 0, 0, 27 + HOST.length, 1])
  hello.writeUInt16BE((await freeAddress()).port, 4 + 4 + 25)
  hello.write(HOST, 4 + 4 + 27)
  const socket = connect({ host: HOST, port: b.address.port }).pause()
  const tiny = Buffer.from([0, 0, 0, 1, 65])
  socket.write(hello)
  for (let i = 0; i < 50; i++) await new Promise((resolve) => socket.write(Buffer.concat(Array(2_000).fill(tiny)), resolve))
  await b.untilReceived(100_000)
  expect(b.received[0]!.from.peer?.host).toBe(HOST)
  socket.destroy()
})
