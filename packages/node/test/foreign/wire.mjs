// The classic transport: one TCP connection for each message, a serial accept loop, one frame read and the connection closed.
import net from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

const FRAME_LIMIT_BYTES = 1 << 20
const IDLE_MS = 1_000
const STRICT_WATCH_MS = 5_000
const SLOW_MS = 20

/**
 * Reads the one frame of a connection. Resolves with `{ body, extraBytes }`, or `{ fault }` for bytes that are no frame, or `{ none }` with the
 * reason when the connection ended without a byte or was reset.
 */
const readFrame = (socket, { nosplit, onIdle }) =>
  new Promise((resolve) => {
    let bytes = Buffer.alloc(0)
    const idle = setTimeout(onIdle, IDLE_MS)
    let settled = false
    const done = (outcome) => {
      if (settled) return
      settled = true
      clearTimeout(idle)
      socket.removeAllListeners('data').pause()
      resolve(outcome)
    }
    socket.on('data', (chunk) => {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
      const length = bytes.length < 4 ? undefined : bytes.readUInt32BE(0)
      if (length === 0) return done({ fault: 'a frame of length 0' })
      if (length > FRAME_LIMIT_BYTES) return done({ fault: `a frame of ${length} bytes; the limit is ${FRAME_LIMIT_BYTES}` })
      if (length !== undefined && bytes.length >= 4 + length)
        return done({ body: bytes.subarray(4, 4 + length), extraBytes: bytes.length - 4 - length })
      if (nosplit) done({ fault: `a frame split over several reads (${bytes.length} bytes at first)` })
    })
    socket.once('end', () =>
      done(bytes.length === 0 ? { none: 'empty' } : { fault: `end of stream after ${bytes.length} bytes of a frame` }),
    )
    socket.once('error', () => done({ none: 'reset' }))
    socket.once('close', () => done({ none: 'reset' }))
    if (socket.destroyed) done({ none: 'reset' })
    else socket.resume()
  })

/** After the frame: a correct sender only ends. Watches for a second frame without holding up the accept loop. */
const watchForMore = (socket, onMore) => {
  const bound = setTimeout(() => socket.destroy(), STRICT_WATCH_MS)
  socket.once('close', () => clearTimeout(bound))
  socket.once('end', () => socket.destroy())
  socket.on('data', onMore)
  socket.end()
  if (socket.readableEnded) socket.destroy()
  socket.resume()
}

/** Listens; calls `onBody(bytes, remoteHost)` for each connection's frame, strictly one connection after the other. Resolves with the port. */
export const listen = ({ host, port, quirks, faults, onBody }) => {
  const waiting = []
  let serving = false

  const serve = async (socket) => {
    if (quirks.has('slow')) await delay(SLOW_MS)
    const remoteHost = (socket.remoteAddress ?? '').replace(/^::ffff:/, '')
    const read = await readFrame(socket, { nosplit: quirks.has('nosplit'), onIdle: () => faults.count('idle') })
    if (read.none) faults.count(read.none)
    if (read.fault) faults.malformed(read.fault)
    if (read.extraBytes > 0) faults.malformed(`more than one frame on a connection (${read.extraBytes} bytes more)`)
    if (read.body && quirks.has('strictproto')) watchForMore(socket, () => faults.malformed('more than one frame on a connection'))
    else socket.destroy()
    if (read.body) onBody(read.body, remoteHost)
  }

  const serveAll = async () => {
    if (serving) return
    serving = true
    for (let socket = waiting.shift(); socket; socket = waiting.shift()) await serve(socket)
    serving = false
  }

  const server = net.createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {}) // a reset connection is normal
    waiting.push(socket)
    serveAll()
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve(server.address().port))
  })
}

const CONNECT_ATTEMPTS = 5
const RETRY_MS = 50
const HEARTBEATS_IN_FLIGHT = 200
const inFlight = new Map()

/**
 * Sends one frame on a connection of its own. Resolves with undefined, or with the error code when no connection was made. A heartbeat is
 * given up when very many connections to that peer are pending (it is frozen); the next one will do.
 */
export const sendFrame = async (host, port, bytes, { heartbeat = false } = {}) => {
  const peer = `${host}:${port}`
  const pending = inFlight.get(peer) ?? 0
  if (heartbeat && pending > HEARTBEATS_IN_FLIGHT) return 'BUSY'
  inFlight.set(peer, pending + 1)
  let error
  for (let attempt = 0; attempt < CONNECT_ATTEMPTS; attempt++) {
    error = await connectAndWrite(host, port, bytes)
    if (!error || error === 'ECONNREFUSED') break
    await delay(RETRY_MS) // no ports or descriptors left, or a backlog that was full: nothing has been written yet
  }
  inFlight.set(peer, inFlight.get(peer) - 1)
  return error
}

const connectAndWrite = (host, port, bytes) =>
  new Promise((resolve) => {
    let connected = false
    const socket = net.connect({ host, port, noDelay: true })
    socket.once('connect', () => {
      connected = true
      socket.end(bytes, () => socket.destroy()) // length and body in one write, then close
    })
    socket.on('error', (error) => resolve(connected ? undefined : (error.code ?? 'ERROR')))
    socket.once('close', () => resolve(undefined))
  })
