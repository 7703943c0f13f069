import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { FairLossPointToPointLinks, ProcessId, Transport } from '@upon/contract'
import { type Address, type Codec, UdpEndpoint, type UdpEndpointOptions } from '@upon/links/udp'
import { onTestFinished } from 'vitest'

export const HOST = '127.0.0.1'

export interface Received {
  readonly from: ProcessId
  readonly path: string
  readonly message: unknown
}

/** An endpoint on a free port that remembers what it logged, closed when the test is over. */
export async function listen(options: Partial<UdpEndpointOptions> = {}) {
  const lines: { level: string; message: string; details: Record<string, unknown> }[] = []
  const endpoint = await UdpEndpoint.listen({
    host: HOST,
    port: 0,
    onLog: (level, message, details) => lines.push({ level, message, details: { ...details } }),
    ...options,
  })
  onTestFinished(() => endpoint.close())
  return { endpoint, lines }
}

/** Attaches to a transport, and remembers what it received. */
export function attach(transport: Transport<FairLossPointToPointLinks>, self: ProcessId): Received[] {
  const received: Received[] = []
  transport.attach((from, path, message) => received.push({ from, path, message }), { self, processes: ['p', 'q'] })
  return received
}

/** Two processes, p and q, that know of each other. */
export async function pair(options: Partial<UdpEndpointOptions> = {}, codec?: Codec) {
  const [p, q] = [await listen(options), await listen(options)]
  const addresses: [ProcessId, Address][] = [
    ['p', p.endpoint.address],
    ['q', q.endpoint.address],
  ]
  const membership = { addresses, ...(codec === undefined ? {} : { codec }) }
  const transports = { p: p.endpoint.transport(membership), q: q.endpoint.transport(membership) }
  return { p, q, transports, received: { p: attach(transports.p, 'p'), q: attach(transports.q, 'q') } }
}

/** A socket that the test writes itself, closed when the test is over. */
export async function rawSocket(
  type: 'udp4' | 'udp6' = 'udp4',
): Promise<{ socket: Socket; address: Address; send(bytes: Uint8Array, to: Address): Promise<void> }> {
  const socket = createSocket(type)
  socket.bind(0, type === 'udp4' ? HOST : '::1')
  await once(socket, 'listening')
  onTestFinished(() => {
    socket.close()
  })
  const { address: host, port } = socket.address()
  const send = (bytes: Uint8Array, to: Address) =>
    new Promise<void>((resolve, reject) => socket.send(bytes, to.port, to.host, (error) => (error === null ? resolve() : reject(error))))
  return { socket, address: { host, port }, send }
}

const text = (s: string) => new TextEncoder().encode(s)

interface Parts {
  readonly magic?: readonly number[]
  readonly path?: Uint8Array
  readonly pathBytes?: number
  readonly body?: Uint8Array
}

/** A datagram as it should be, unless told otherwise. */
export function datagram({ magic = [0x55, 0x50, 0x4e, 1], path = text('fll'), pathBytes = path.length, body = text('1') }: Parts = {}) {
  return Uint8Array.of(...magic, pathBytes >>> 8, pathBytes & 255, ...path, ...body)
}
