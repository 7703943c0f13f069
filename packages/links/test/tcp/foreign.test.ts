import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { encoded, freeAddress, listen, rawServer, send, texts, until } from './support'

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

test.each<[string, (socket: Socket) => void]>([
  ['closes instead of answering', (socket) => socket.once('data', () => socket.end())],
  ['resets instead of answering', (socket) => socket.once('data', () => socket.resetAndDestroy())],
  ['answers something else', (socket) => socket.once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'))],
  ['says nothing', (socket) => socket.resume()],
])('a peer that %s gets all its frames one connection each', async (_, meetPreamble) => {
  const frames: string[] = []
  const { address } = await rawServer((socket) => {
    socket.once('data', (chunk) => {
      if (chunk[0] === 0xff) {
        socket.unshift(chunk)
        meetPreamble(socket)
      } else {
        frames.push(chunk.toString('latin1', 4))
        socket.destroy()
      }
    })
  })
  const a = await listen({ limits: { answerTimeoutMs: 100 } })
  send(a, address, '0')
  a.endpoint.upgrade(address)
  send(a, address, '1', '2')
  await until('all arrived', () => frames.length === 3)
  expect(frames).toEqual(['0', '1', '2'])
  expect(a.endpoint.counters.connections.fallbacks).toBe(1)
  a.endpoint.upgrade(address)
  send(a, address, '3')
  await until('the last arrived', () => frames.length === 4)
  expect(a.endpoint.counters.connections.fallbacks).toBe(1)
})

test('a foreign process that takes the port of one of ours gets what that had not acknowledged', async () => {
  const a = await listen()
  const ours = await listen()
  a.endpoint.upgrade(ours.address)
  send(a, ours.address, 'for ours')
  await until('it is acknowledged', () => a.endpoint.counters.frames.out === 1)
  await ours.endpoint.close()
  await until('it is down', () => a.down.length === 1)
  send(a, ours.address, ...texts(10))
  const foreign = await strictPeer(ours.address.port)
  await until('all arrived', () => foreign.frames.length === 10)
  expect(foreign.frames).toEqual(texts(10))
  expect(a.up).toEqual([ours.address])
})

test('one of ours that comes back after a foreign process is upgraded again', async () => {
  const address = await freeAddress()
  const foreign = await strictPeer(address.port)
  const a = await listen({ limits: { fallbackMs: 1 } })
  a.endpoint.upgrade(address)
  send(a, address, '0')
  await until('it arrived', () => foreign.frames.length === 1)
  await new Promise((resolve) => foreign.server.close(resolve))
  const ours = await listen({ port: address.port })
  a.endpoint.upgrade(address)
  send(a, address, '1')
  await ours.untilReceived(1)
  expect(ours.received[0]!.from.peer).toEqual(a.address)
})
