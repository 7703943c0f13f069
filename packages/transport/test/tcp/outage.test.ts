import { describe, expect, test } from 'vitest'
import { AnswerReader } from '../../src/tcp/kept/answer-reader'
import { writeCount } from '../../src/tcp/kept/fields'
import { startProcess } from './process'
import { type Mode, proxyTo } from './proxy'
import { answer, drip, elapse, encoded, freeAddress, hello, listen, rawClient, rawServer, send, texts, until } from './support'

/** Small time-outs, so that a test need not wait long; none is a deadline of the test itself. */
const QUICK = { connectTimeoutMs: 300, answerTimeoutMs: 100, stallMs: 50, retryMaxMs: 100 }

function countBytes(count: number): Uint8Array {
  const bytes = new Uint8Array(8)
  writeCount(bytes, 0, count)
  return bytes
}

async function pair(limits: object = QUICK) {
  const [a, b] = [await listen({ limits }), await listen({ limits })]
  const proxy = await proxyTo(() => b.address)
  a.endpoint.upgrade(proxy.address)
  return { a, b, proxy }
}

describe('nothing is lost, doubled or out of order between processes of ours, whatever stands between them:', () => {
  test.each<Mode>(['close', 'reset', 'swallow', 'mute'])('what meets connections with "%s" for a while', async (mode) => {
    const { a, b, proxy } = await pair()
    send(a, proxy.address, ...texts(50))
    await b.untilReceived(50)
    proxy.become(mode)
    if (mode === 'close' || mode === 'reset') proxy.cut()
    const before = proxy.accepted()
    send(a, proxy.address, ...texts(50, 'during '))
    await until('many connections were met so', () => proxy.accepted() >= before + 7)
    proxy.become('pass')
    send(a, proxy.address, ...texts(50, 'after '))
    const sent = [...texts(50), ...texts(50, 'during '), ...texts(50, 'after ')]
    await b.untilReceived(sent.length)
    await until('all is acknowledged', () => a.endpoint.counters.queues.frames === 0)
    expect(b.texts()).toEqual(sent)
    expect(a.endpoint.counters.frames).toMatchObject({ out: sent.length, dropped: { 'connection-lost': 0, 'given-up': 0 } })
    expect(b.endpoint.counters.frames.in).toBe(sent.length)
  })

  test('a peer that is not there yet behind a forwarder that takes connections all the same', async () => {
    const a = await listen({ limits: QUICK })
    const address = await freeAddress()
    const proxy = await proxyTo(() => address)
    a.endpoint.upgrade(proxy.address)
    send(a, proxy.address, ...texts(100))
    await until('it was tried several times', () => proxy.accepted() >= 7)
    const b = await listen({ port: address.port })
    await b.untilReceived(100)
    expect(b.texts()).toEqual(texts(100))
  })

  test('a process that is slow to answer is waited for, and never spoken to otherwise', async () => {
    const first: number[] = []
    const slow = await rawServer((socket) =>
      socket.once('data', (chunk: Buffer) => {
        first.push(chunk[0] as number)
        if (first.length > 4) socket.write(answer())
      }),
    )
    const a = await listen({ limits: QUICK })
    a.endpoint.upgrade(slow.address)
    send(a, slow.address, 'x')
    await until('it answered at last', () => a.endpoint.counters.bytes.in > 0)
    expect(new Set(first)).toEqual(new Set([0xff]))
  })

  test('both ends send through one outage, and both have all', async () => {
    const { a, b, proxy } = await pair()
    const back = await proxyTo(() => a.address)
    b.endpoint.upgrade(back.address)
    send(a, proxy.address, 'first')
    send(b, back.address, 'first')
    await Promise.all([a.untilReceived(1), b.untilReceived(1)])
    for (const mode of ['swallow', 'pass'] as const) {
      for (const each of [proxy, back]) each.become(mode)
      send(a, proxy.address, ...texts(20, mode))
      send(b, back.address, ...texts(20, mode))
      if (mode === 'swallow')
        await until('both found out', () => a.endpoint.counters.connections.stalled + b.endpoint.counters.connections.stalled >= 1)
    }
    const sent = ['first', ...texts(20, 'swallow'), ...texts(20, 'pass')]
    await Promise.all([a.untilReceived(41), b.untilReceived(41)])
    expect([a.texts(), b.texts()]).toEqual([sent, sent])
  })
})

describe('recovery', () => {
  test('what is not acknowledged closes the connection; the session goes on over the next', async () => {
    const { a, b, proxy } = await pair()
    send(a, proxy.address, 'before')
    await b.untilReceived(1)
    proxy.become('swallow')
    send(a, proxy.address, 'vanished')
    await until('it stalled', () => a.endpoint.counters.connections.stalled === 1)
    expect(a.lines.map(({ message }) => message)).toContain('nothing was acknowledged: reconnecting')
    proxy.become('pass')
    await b.untilReceived(2)
    expect(b.texts()).toEqual(['before', 'vanished'])
  })

  test('a frame that takes longer than that is not taken for vanished: its receiver says that it reads', async () => {
    const b = await listen()
    const socket = await rawClient(b.address)
    const counts: number[] = []
    const reader = new AnswerReader({ onAnswer: () => {}, onCount: (count) => counts.push(count) })
    socket.on('data', (chunk) => reader.push(chunk))
    socket.write(Buffer.concat([hello(), encoded('x'.repeat(1_000_000)).subarray(0, 100)]))
    const stop = drip(10, () => socket.write('x'))
    await until('it has said so twice', () => counts.length >= 2)
    stop()
    expect(counts).toEqual([0, 0])
    expect(b.received).toEqual([])
  })

  test('an idle connection has no timer, and sends nothing', async () => {
    const { a, b, proxy } = await pair({ ...QUICK, stallMs: 20 })
    send(a, proxy.address, 'x')
    await b.untilReceived(1)
    await until('all is acknowledged', () => a.endpoint.counters.queues.frames === 0)
    const { bytes, connections } = a.endpoint.counters
    proxy.become('swallow')
    await elapse(200)
    expect(a.endpoint.counters).toMatchObject({ bytes, connections })
  })

  test('a connection that comes in wakes the one that goes out', async () => {
    const limits = { retryMinMs: 600_000, retryMaxMs: 600_000 }
    const a = await listen({ limits })
    const address = await freeAddress()
    a.endpoint.upgrade(address)
    send(a, address, 'x')
    await until('it is down, and the next attempt is 10 minutes off', () => a.endpoint.counters.connections.refused >= 2)
    const b = await listen({ port: address.port })
    b.endpoint.upgrade(a.address)
    await b.untilReceived(1)
  })

  test('a dead peer is tried more and more rarely', async () => {
    const a = await listen({ limits: { retryMinMs: 1, retryMaxMs: 600_000 } })
    a.endpoint.upgrade(await freeAddress())
    await until('it was tried', () => a.endpoint.counters.connections.refused >= 5)
    await elapse(300)
    expect(a.endpoint.counters.connections.refused).toBeLessThan(14)
  })

  test('a frozen process costs a connection now and then, and has everything in order when it goes on', async () => {
    const frozen = await startProcess()
    const a = await listen({ limits: { ...QUICK, retryMaxMs: 200 } })
    a.endpoint.upgrade(frozen.address)
    const body = Buffer.alloc(1_000)
    const sendNumbers = (from: number, count: number) => {
      for (let number = from; number < from + count; number++) {
        body.writeUInt32BE(number, 0)
        a.endpoint.send(frozen.address, body)
      }
    }
    sendNumbers(0, 100)
    await until('it is there', () => a.endpoint.counters.queues.frames === 0)
    frozen.child.kill('SIGSTOP')
    sendNumbers(100, 900)
    await until('it was tried several times', () => a.endpoint.counters.connections.opened >= 4)
    frozen.child.kill('SIGCONT')
    await until('all is acknowledged', () => a.endpoint.counters.queues.frames === 0)
    expect(await frozen.report()).toMatchObject({ received: 1_000, inOrder: true })
  })
})

describe('a peer that acknowledges what cannot be is not believed:', () => {
  test.each([
    ['more than was sent', 5, []],
    ['less than before', 0, [1, 0]],
  ])('%s', async (_, taken, counts: number[]) => {
    const liar = await rawServer((socket) => {
      let frames = 0
      socket.on('data', (chunk) => {
        if (chunk[0] === 0xff) socket.write(answer({ taken }))
        else frames++
      })
      const stop = drip(10, () => {
        if (frames > 0 && counts.length > 0) socket.write(countBytes(counts.shift() as number))
      })
      socket.on('close', stop)
    })
    const a = await listen({ limits: QUICK })
    send(a, liar.address, 'x', 'y')
    a.endpoint.upgrade(liar.address)
    await until('it is logged', () => a.lines.some(({ message }) => message === 'peer acknowledged frames that were not sent'))
    expect(a.endpoint.counters.frames.out).toBeLessThanOrEqual(1)
  })
})
