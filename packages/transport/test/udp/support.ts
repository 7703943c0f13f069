import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { FairLossPointToPointLinks, ProcessId, Transport } from '@upon/contract'
import { type Address, type Codec, type Membership, UdpEndpoint, type UdpEndpointOptions } from '@upon/transport/udp'
import { onTestFinished } from 'vitest'
import { describeMembership, encodeMembership } from '../../src/membership'

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
export function attach(transport: Transport<FairLossPointToPointLinks>, self: ProcessId, processes = ['p', 'q']): Received[] {
  const received: Received[] = []
  transport.attach((from, path, message) => received.push({ from, path, message }), { self, processes })
  return received
}

/** Transports of two processes, p and q, that know where the other is; no process runs over them yet. */
export async function transports(options: Partial<UdpEndpointOptions> = {}, membership: Partial<Membership> = {}) {
  const [p, q] = [await listen(options), await listen(options)]
  const addresses: [ProcessId, Address][] = [
    ['p', p.endpoint.address],
    ['q', q.endpoint.address],
  ]
  const of = (endpoint: UdpEndpoint) => endpoint.transport({ addresses, ...membership })
  return { p, q, addresses, transports: { p: of(p.endpoint), q: of(q.endpoint) } }
}

/** Two processes, p and q, that know of each other. */
export async function pair(options: Partial<UdpEndpointOptions> = {}, codec?: Codec) {
  const made = await transports(options, codec === undefined ? {} : { codec })
  return { ...made, received: { p: attach(made.transports.p, 'p'), q: attach(made.transports.q, 'q') } }
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
const numberBytes = (value: number, length: number) => Array.from({ length }, (_, i) => Math.floor(value / 256 ** (length - 1 - i)) % 256)

/** What process q says of itself where it knows p and q. */
const membership = describeMembership({ self: 'q', processes: ['p', 'q'] })
const OWN_START = Number.parseInt(membership.incarnation.slice(0, 12), 16)
export const GREETING: Uint8Array = encodeMembership(membership)

interface Parts {
  readonly magic?: readonly number[]
  /** Of which start of q's it is; by default of the one that greets. */
  readonly from?: number
  readonly to?: number
  readonly greeting?: Uint8Array
  readonly greetingBytes?: number
  readonly path?: Uint8Array
  readonly pathBytes?: number
  readonly body?: Uint8Array
}

/** A datagram of q's with a greeting, as it should be by default. */
export function datagram(parts: Parts = {}) {
  const { magic = [0x55, 0x50, 0x4e, 2], from = OWN_START, to = 0, greeting = GREETING, greetingBytes = greeting.length } = parts
  const { path = text('fll'), pathBytes = path.length, body = text('1') } = parts
  const numbers = [...numberBytes(from, 6), ...numberBytes(to, 6), ...numberBytes(greetingBytes, 2), ...numberBytes(pathBytes, 2)]
  return Uint8Array.of(...magic, ...numbers, ...greeting, ...path, ...body)
}
