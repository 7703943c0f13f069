import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { type Address, type EndpointOptions, type FrameOrigin, TcpEndpoint } from '@upon/transport/tcp'
import { onTestFinished } from 'vitest'
import { type Answer, encodeAnswer, encodeHello, type Hello } from '../../src/tcp/kept/preamble'

export const HOST = '127.0.0.1'

export interface Received {
  readonly text: string
  readonly from: FrameOrigin
}

/** Resolves when the condition holds; rejects after a generous while, telling what was waited for. */
export async function until(what: string, condition: () => boolean, limitMs = 20_000): Promise<void> {
  const deadline = Date.now() + limitMs
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited ${limitMs} ms in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** Lets time pass where time itself is what is tested: deadlines that must strike, or must not. Never to wait for an event. */
export const elapse = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Calls again and again, as a slow writer would; returns what ends it. */
export function drip(everyMs: number, write: () => void): () => void {
  const timer = setInterval(write, everyMs)
  return () => clearInterval(timer)
}

/** An endpoint on a free port that remembers what it saw, closed when the test is over. */
export async function listen(options: Partial<EndpointOptions> = {}) {
  const received: Received[] = []
  const down: Address[] = []
  const up: Address[] = []
  const givenUp: [Address, string][] = []
  const ended: Address[] = []
  const lines: { level: string; message: string; details: Record<string, unknown> }[] = []
  const endpoint = await TcpEndpoint.listen({
    host: HOST,
    port: 0,
    onFrame: (body, from) => received.push({ text: Buffer.from(body).toString(), from }),
    onPeerDown: (address) => down.push(address),
    onPeerUp: (address) => up.push(address),
    onPeerGivenUp: (address, reason) => givenUp.push([address, reason]),
    onGivenUp: (address) => ended.push(address),
    onLog: (level, message, details) => lines.push({ level, message, details: { ...details } }),
    ...options,
    limits: { closeTimeoutMs: 50, ...options.limits },
  })
  onTestFinished(() => endpoint.close())
  return {
    endpoint,
    address: endpoint.address,
    received,
    down,
    up,
    givenUp,
    ended,
    lines,
    texts: () => received.map(({ text }) => text),
    async untilReceived(count: number) {
      await until(`${count} frames have arrived (now ${received.length})`, () => received.length >= count)
    },
  }
}

export function send(from: { endpoint: TcpEndpoint }, to: Address, ...texts: string[]): string[] {
  return texts.map((text) => from.endpoint.send(to, Buffer.from(text)))
}

export const texts = (count: number, prefix = '') => Array.from({ length: count }, (_, i) => `${prefix}${i}`)

/** A raw server that the test writes itself; its sockets are destroyed when the test is over. */
export async function rawServer(onConnection: (socket: Socket) => void, port = 0): Promise<{ server: Server; address: Address }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onConnection(socket)
  })
  server.listen(port, HOST)
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('no port')
  return { server, address: { host: HOST, port: bound.port } }
}

/** A raw client connection, established. */
export async function rawClient({ host, port }: Address): Promise<Socket> {
  const socket = connect({ host, port, noDelay: true })
  socket.on('error', () => {})
  onTestFinished(() => {
    socket.destroy()
  })
  await once(socket, 'connect')
  return socket
}

/** Resolves when the other side has ended or reset the connection. */
export async function closed(socket: Socket): Promise<void> {
  socket.resume()
  await until('the connection is closed', () => socket.readableEnded || socket.destroyed)
}

/** An address where nobody listens. */
export async function freeAddress(): Promise<Address> {
  const server = createServer().listen(0, HOST)
  await once(server, 'listening')
  const bound = server.address()
  server.close()
  await once(server, 'close')
  if (bound === null || typeof bound === 'string') throw new Error('no port')
  return { host: HOST, port: bound.port }
}

export const header = (length: number) => Buffer.from([length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255])

export const encoded = (text: string) => Buffer.concat([header(Buffer.byteLength(text)), Buffer.from(text)])

/** Whole numbers from 0 to below the limit, the same for the same seed. */
export function seededRandom(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

export const id = (byte: number) => Buffer.alloc(16, byte).toString('hex')

/** What an acceptor answers, as another program would write it. */
export const answer = (parts: Partial<Answer> = {}) =>
  encodeAnswer({ incarnation: id(99), payload: new Uint8Array(0), taken: 0, refusal: undefined, ...parts })

/** The first write of a kept connection, as another program would write it. */
export const hello = (parts: Partial<Hello> = {}) =>
  encodeHello({
    incarnation: id(98),
    payload: new Uint8Array(0),
    session: id(7),
    dropped: 0,
    address: { host: HOST, port: 4_000 },
    connection: 1,
    expected: undefined,
    doubtful: false,
    ...parts,
  })
