import { connect, type Socket } from 'node:net'
import type { Address } from '@upon/transport/tcp'
import { expect, test } from 'vitest'
import { AnswerReader } from '../../src/tcp/kept/answer-reader'
import { answer, closed, elapse, encoded, HOST, hello, listen, rawClient, rawServer, seededRandom, send, until } from './support'

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
      void elapse(random(3)).then(() => {
        from.resetAndDestroy()
        to.resetAndDestroy()
      })
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

test.each([
  [1, 12],
  [2, 12],
  [3, 3],
])('no frame is lost, doubled or out of order under random resets in mid-frame (seed %i, one chunk in %i)', async (seed, resetOneIn) => {
  const random = seededRandom(seed * 7_919)
  const [a, b] = [await listen(), await listen()]
  const proxy = await resettingProxy(() => b.address, seed, resetOneIn)
  a.endpoint.upgrade(proxy.address)
  const sent: string[] = []
  while (sent.length < 2_000 || proxy.resets() < 20) {
    const burst = Array.from({ length: 1 + random(60) }, (_, i) => `${sent.length + i}:${'x'.repeat(random(900))}`)
    send(a, proxy.address, ...burst)
    sent.push(...burst)
    await elapse(random(4))
  }
  proxy.calmDown()
  await b.untilReceived(sent.length)
  await until('all is acknowledged', () => a.endpoint.counters.queues.frames === 0)
  expect(b.texts()).toEqual(sent)
  expect(a.endpoint.counters.connections.opened).toBeGreaterThan(10)
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
    socket.once('data', () => socket.write(answer({ taken: 7 })))
  })
  const [a, b] = [await listen(), await listen()]
  a.endpoint.upgrade(liar.address)
  send(a, liar.address, 'x')
  await until('it is logged', () => a.lines.some(({ message }) => message === 'peer acknowledged frames that were not sent'))
  send(a, b.address, 'y')
  await b.untilReceived(1)
})

test('a peer that answers and closes again and again is tried with growing delays', async () => {
  let accepted = 0
  const { address } = await rawServer((socket) => {
    accepted++
    socket.once('data', () => socket.end(answer()))
  })
  const a = await listen({ limits: { retryMaxMs: 10_000 } })
  a.endpoint.upgrade(address)
  send(a, address, 'x')
  await until('it was tried several times', () => accepted >= 5)
  await elapse(400)
  expect(accepted).toBeLessThan(15)
  expect(a.endpoint.counters.queues.frames).toBe(1)
})

/** The count in an answer, by its place in front of whatever else there is. */
const takenIn = async (socket: Socket) => {
  const counts: number[] = []
  const reader = new AnswerReader({ onAnswer: ({ taken }) => counts.push(taken), onCount: () => {} })
  socket.on('data', (chunk) => reader.push(chunk))
  await until('it is answered', () => counts.length > 0)
  return counts[0]
}

test('the preamble is answered with how many frames have been taken; the connection before is closed, and nothing more taken from it', async () => {
  const b = await listen({ limits: { frameDeadlineMs: 600_000 } })
  const [first, second] = [await rawClient(b.address), await rawClient(b.address)]
  first.write(Buffer.concat([hello(), encoded('0'), encoded('1'), encoded('2').subarray(0, 3)]))
  await b.untilReceived(2)
  second.write(hello({ dropped: 1, connection: 2 }))
  expect(await takenIn(second)).toBe(2)
  await closed(first)
  first.write(encoded('2').subarray(3))
  second.write(encoded('two'))
  await b.untilReceived(3)
  expect(b.texts()).toEqual(['0', '1', 'two'])
  expect(b.received[2]!.from.peer).toEqual({ host: HOST, port: 4_000 })
})

test('an acknowledgement follows within a moment of the last frame, with the whole count', async () => {
  const b = await listen()
  const socket = await rawClient(b.address)
  const counts: number[] = []
  const reader = new AnswerReader({ onAnswer: ({ taken }) => counts.push(taken), onCount: (count) => counts.push(count) })
  socket.on('data', (chunk) => reader.push(chunk))
  socket.write(Buffer.concat([hello({ dropped: 100 }), ...Array(5_000).fill(encoded('x'))]))
  await until('all is acknowledged', () => counts.at(-1) === 5_100)
  expect(counts[0]).toBe(100)
  expect(counts.length).toBeLessThan(20)
})

test('a sender that never reads its acknowledgements does not make the receiver hold more and more', async () => {
  const b = await listen()
  const socket = connect({ host: HOST, port: b.address.port }).pause()
  const tiny = Buffer.from([0, 0, 0, 1, 65])
  socket.write(hello())
  for (let i = 0; i < 50; i++) await new Promise((resolve) => socket.write(Buffer.concat(Array(2_000).fill(tiny)), resolve))
  await b.untilReceived(100_000)
  expect(b.received[0]!.from.peer?.host).toBe(HOST)
  socket.destroy()
})
