// How the driver and the raw processes move frames: one connection per message, or connections that stay open. Plain sockets, nothing
// of ours but the frame decoder, so that what is measured is the processes and not this.
import { connect, createServer } from 'node:net'
import { FrameDecoder, frame } from '@upon/transport/tcp'

export const HOST = '127.0.0.1'

/** Listens, and hands each frame to `onFrame`. Reads as many frames as come on a connection: the end that opened it ends it. */
export function listen(onFrame) {
  const server = createServer({ noDelay: true }, (socket) => {
    const decoder = new FrameDecoder()
    socket.on('error', () => {})
    socket.on('data', (chunk) => decoder.push(chunk, onFrame))
  })
  return new Promise((resolve) => server.listen({ port: 0, host: HOST, backlog: 1_024 }, () => resolve(server)))
}

const RETRY_MS = 5

/** One connection per message, as many at once as there are messages; tries again when the machine is out of ports. */
export function classicSender() {
  const attempt = (port, bytes) => {
    const socket = connect({ host: HOST, port, noDelay: true })
    socket.on('error', ({ syscall, code }) => {
      if (syscall === 'connect' && code !== 'ECONNREFUSED') setTimeout(attempt, RETRY_MS, port, bytes)
    })
    socket.once('connect', () => socket.end(bytes, () => socket.destroy()))
  }
  return { send: (port, body) => attempt(port, frame(body)), close() {} }
}

/** One connection for each address, kept open; what is sent leaves at once. */
export function rawKeptSender() {
  const sockets = new Map()
  const socketTo = (port) => {
    const socket = connect({ host: HOST, port, noDelay: true })
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(port))
    sockets.set(port, socket)
    return socket
  }
  return {
    send: (port, body) => (sockets.get(port) ?? socketTo(port)).write(frame(body)),
    close() {
      for (const socket of sockets.values()) socket.destroy()
    },
  }
}
