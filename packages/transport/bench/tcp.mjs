// What the endpoint costs beside raw sockets that carry the same bytes, in the same run, between two processes over loopback.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { FrameDecoder, frame, TcpEndpoint } from '../dist/tcp/index.js'

const BODY_BYTES = 104
const ROUND_TRIPS = 3_000
const BURST = 600_000
const SINGLE = 3_000

const peer = fork(fileURLToPath(new URL('./_tcp-peer.mjs', import.meta.url)))
const [addresses] = await once(peer, 'message')
const ask = Object.assign(new Uint8Array(BODY_BYTES), { 0: 1 })
const tell = new Uint8Array(BODY_BYTES)

const percentile = (sorted, share) => sorted[Math.floor(sorted.length * share)]

/** p50 and p99 in us of `round`, which resolves when the answer is there. */
async function roundTrips(round, count = ROUND_TRIPS) {
  const times = []
  for (let i = 0; i < count + count / 5; i++) {
    const start = performance.now()
    await round()
    if (i >= count / 5) times.push((performance.now() - start) * 1_000)
  }
  times.sort((a, b) => a - b)
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) }
}

/** Frames a second from the first `send` until the other process has counted them all. */
async function oneWay(count, send) {
  peer.send({ expect: count })
  await once(peer, 'message')
  const done = once(peer, 'message')
  const start = performance.now()
  await send(count)
  await done
  return (count / (performance.now() - start)) * 1_000
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

let answered = () => {}
async function endpointTo(kept) {
  const endpoint = await TcpEndpoint.listen({ host: '127.0.0.1', port: 0, onFrame: () => answered() })
  peer.send({ home: endpoint.address, kept })
  if (kept) endpoint.upgrade(addresses.endpoint)
  return endpoint
}

const round = (endpoint) => () =>
  new Promise((resolve) => {
    answered = resolve
    endpoint.send(addresses.endpoint, ask)
  })

async function rawKept() {
  const socket = connect({ ...addresses.raw, noDelay: true })
  await once(socket, 'connect')
  const decoder = new FrameDecoder()
  socket.on('data', (chunk) => decoder.push(chunk, () => answered()))
  const latency = await roundTrips(
    () =>
      new Promise((resolve) => {
        answered = resolve
        socket.write(frame(ask))
      }),
  )
  const batch = Buffer.concat(Array(600).fill(frame(tell)))
  const rate = await oneWay(BURST, async (count) => {
    for (let sent = 0; sent < count; sent += 600) if (!socket.write(batch)) await once(socket, 'drain')
  })
  socket.destroy()
  return { latency, rate }
}

async function endpointKept() {
  const endpoint = await endpointTo(true)
  const latency = await roundTrips(round(endpoint))
  const rate = await oneWay(BURST, async (count) => {
    let sent = 0
    while (sent < count) {
      for (let i = 0; i < 2_000 && sent < count; i++) if (endpoint.send(addresses.endpoint, tell) === 'queued') sent++
      await nextTurn()
    }
  })
  await endpoint.close()
  return { latency, rate }
}

async function rawClassic() {
  const latency = await roundTrips(
    () =>
      new Promise((resolve) => {
        const socket = connect({ ...addresses.raw, noDelay: true })
        socket.once('connect', () => socket.write(frame(ask)))
        socket.once('data', () => {
          socket.destroy()
          resolve()
        })
      }),
    1_000,
  )
  const rate = await oneWay(SINGLE, async (count) => {
    for (let i = 0; i < count; i++) {
      const socket = connect({ ...addresses.raw, noDelay: true })
      await once(socket, 'connect')
      socket.end(frame(tell), () => socket.destroy())
    }
  })
  return { latency, rate }
}

async function endpointClassic() {
  const endpoint = await endpointTo(false)
  const latency = await roundTrips(round(endpoint), 1_000)
  const rate = await oneWay(SINGLE, (count) => {
    for (let i = 0; i < count; i++) endpoint.send(addresses.endpoint, tell)
  })
  await endpoint.close()
  return { latency, rate }
}

function print(what, raw, ours) {
  const number = (value) => value.toFixed(0).padStart(9)
  const ratio = (value) => `x${value.toFixed(2)}`.padStart(7)
  const row = (name, a, b) => console.log(`${name.padEnd(46)}${number(a)}${number(b)}${ratio(b / a)}`)
  row(`${what}: round trip p50, us`, raw.latency.p50, ours.latency.p50)
  row(`${what}: round trip p99, us`, raw.latency.p99, ours.latency.p99)
  row(`${what}: frames a second, one way`, raw.rate, ours.rate)
}

console.log(`${'frames of 104 bytes'.padEnd(46)}      raw endpoint  ratio`)
const classic = [await rawClassic(), await endpointClassic()]
const kept = [await rawKept(), await endpointKept()]
print('kept open', ...kept)
print('one connection per frame (a round trip takes two)', ...classic)
peer.kill()
