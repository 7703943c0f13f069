import type { Socket } from 'node:net'
import type { Address } from '@upon/transport/tcp'
import { describe, expect, test } from 'vitest'
import { encoded, listen, rawServer, send, texts, until } from './support'

/**
 * A process of another implementation: it accepts one connection at a time, takes whatever its first read gives for one whole frame,
 * and closes. What comes second on a connection, or in a second piece, is lost to it.
 */
async function strictPeer(port = 0) {
  const frames: string[] = []
  const waiting: Socket[] = []
  let serving = false
  let broken = 0
  const serve = () => {
    const socket = waiting.shift()
    serving = socket !== undefined
    if (socket === undefined) return
    const done = () => {
      socket.destroy()
      serve()
    }
    socket.once('data', (chunk) => {
      if (chunk.length >= 4 && chunk.readUInt32BE(0) === chunk.length - 4) frames.push(chunk.toString('latin1', 4))
      else broken++
      done()
    })
    socket.once('end', done)
    socket.resume()
  }
  const { address, server } = await rawServer((socket) => {
    socket.pause()
    waiting.push(socket)
    if (!serving) serve()
  }, port)
  return { address, server, frames, broken: () => broken }
}

test('a peer that reads one frame at its first read and closes, serving one connection at a time, gets every frame in order', async () => {
  const peer = await strictPeer()
  const a = await listen()
  const sent = [...texts(300), 'x'.repeat(1_400)]
  send(a, peer.address, ...sent)
  await until('all arrived', () => peer.frames.length + peer.broken() >= sent.length)
  expect(peer.frames).toEqual(sent)
  expect(peer.broken()).toBe(0)
})

test('each frame has a connection of its own, and we are the first to close it', async () => {
  const seen: string[] = []
  const { address } = await rawServer((socket) => {
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('end', () => seen.push(Buffer.concat(chunks).toString('latin1')))
  })
  const a = await listen()
  send(a, address, ...texts(20))
  await until('all ended', () => seen.length === 20)
  expect(seen.sort()).toEqual(
    texts(20)
      .map((text) => encoded(text).toString('latin1'))
      .sort(),
  )
})

test('a frame that did not get through before the peer reset its connection is counted as lost, and the next ones go on', async () => {
  let accepted = 0
  const { address } = await rawServer((socket) => {
    if (++accepted === 1) socket.once('data', () => socket.resetAndDestroy())
    else socket.resume()
  })
  const a = await listen({ limits: { frameBytes: 32 * 1024 * 1024 } })
  a.endpoint.send(address, new Uint8Array(32 * 1024 * 1024))
  send(a, address, 'x')
  await until('both are gone', () => a.endpoint.counters.frames.out === 2 && a.endpoint.counters.connections.reset === 1)
  expect(a.endpoint.counters.frames.dropped['connection-lost']).toBe(1)
})

describe('a connection that stands is never closed without its frame, not even one that the system has made and nobody has told us of:', () => {
  test.each<[string, (a: Awaited<ReturnType<typeof listen>>, to: Address) => unknown]>([
    ['upgrade', ({ endpoint }, to) => endpoint.upgrade(to)],
    ['forget', ({ endpoint }, to) => endpoint.forget(to)],
    ['close', ({ endpoint }) => endpoint.close()],
  ])('%s', async (_, interrupt) => {
    let [begun, spoken, empty] = [0, 0, 0]
    const { address } = await rawServer((socket) => {
      let bytes = 0
      begun++
      socket.on('data', (chunk) => {
        if (bytes === 0) spoken++
        bytes += chunk.length
      })
      socket.on('close', () => {
        if (bytes === 0) empty++
      })
    })
    const a = await listen()
    send(a, address, ...texts(4))
    // the attempts have begun within this turn; the system has time to make the connections, and we have none to hear of it
    await new Promise<void>((resolve) =>
      process.nextTick(() =>
        process.nextTick(() => {
          for (const end = performance.now() + 3; performance.now() < end; );
          interrupt(a, address)
          resolve()
        }),
      ),
    )
    await until('each has spoken, or is closed', () => begun >= 4 && spoken + empty === begun)
    expect(empty).toBe(0)
  })
})
