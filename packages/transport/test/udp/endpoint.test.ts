import { type Address, type Codec, ListenError, plainData, UdpEndpoint } from '@upon/transport/udp'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { seeded } from '../seeded'
import { until } from '../tcp/support'
import { attach, datagram, HOST, listen, pair, rawSocket, transports as transportsOf } from './support'

it('FLL3 no creation: what is sent arrives as it was, with its path and its sender', async () => {
  const { transports, received } = await pair()
  const messages: unknown[] = [
    { kind: 'DATA', n: 1, m: undefined },
    [undefined, null, true, 0.5, -1, '', 'ü€𝄞', [], {}],
    undefined,
    { deep: [{ $undefined: true, other: [undefined] }] },
    new Map([[{ a: 1 }, new Set([Number.NaN, -0, 5n])]]),
  ]
  for (const message of messages) transports.p.send('q', 'app.nnar[x].beb.pl', message)
  await until('they have arrived', () => received.q.length === messages.length)
  for (const [i, message] of messages.entries()) {
    expect(received.q[i]).toStrictEqual({ from: 'p', path: 'app.nnar[x].beb.pl', message })
  }
  const named = JSON.parse('{"__proto__":{"polluted":1},"constructor":2}')
  transports.p.send('q', 'fll', named)
  await until('it has arrived', () => received.q.length === messages.length + 1)
  expect(Object.entries(received.q.at(-1)?.message as object)).toEqual(Object.entries(named))
  transports.q.send('p', 'fll', 'back')
  await until('it has arrived', () => received.p.length === 1)
  expect(received.p).toEqual([{ from: 'q', path: 'fll', message: 'back' }])
})

it('FLL1 fair loss, FLL2 finite duplication: of what is sent, as much is lost and repeated as told', async () => {
  const disturbance = { random: seeded(5), lostPercent: 30, duplicatedPercent: 20 }
  const { p, q, transports, received } = await pair({ disturbance })
  for (let i = 0; i < 1_000; i++) {
    transports.p.send('q', 'fll', i)
    if (i % 50 === 0) await new Promise(setImmediate)
  }
  await until('all that went out has arrived', () => received.q.length === p.endpoint.counters.datagrams.out && received.q.length > 0)
  const { lost, duplicated } = p.endpoint.counters.disturbed
  // an answer to a greeting or two may have been lost or repeated, too
  expect(Math.abs(received.q.length - (1_000 - lost + duplicated))).toBeLessThanOrEqual(3)
  expect(lost).toBeGreaterThan(250)
  expect(lost).toBeLessThan(350)
  expect(duplicated).toBeGreaterThan(100)
  expect(q.endpoint.counters.bytes.in).toBe(p.endpoint.counters.bytes.out)
})

it('a machine that is flooded loses datagrams by itself, and the links go on', async () => {
  const { p, transports, received } = await pair({ limits: { receiveBufferBytes: 4_096 } })
  for (let i = 0; i < 2_000; i++) transports.p.send('q', 'fll', 'x'.repeat(1_000))
  await until('they are out', () => p.endpoint.counters.datagrams.out === 2_000)
  transports.p.send('q', 'fll', 'last')
  await until('the last one has arrived', () => {
    if (received.q.at(-1)?.message !== 'last') transports.p.send('q', 'fll', 'last')
    return received.q.at(-1)?.message === 'last'
  })
  expect(received.q.length).toBeLessThan(1_000)
})

it('IPv6 addresses are the same however they are written', async () => {
  const p = await listen({ host: '::1' })
  const q = await rawSocket('udp6')
  const addresses = [
    ['p', { host: '0:0:0:0:0:0:0:1', port: p.endpoint.address.port }],
    ['q', { host: '0::1', port: q.address.port }],
  ] as const
  const transport = p.endpoint.transport({ addresses })
  const received = attach(transport, 'p')
  await q.send(datagram(), p.endpoint.address)
  await until('it has arrived', () => received.length === 1)
  expect(received).toEqual([{ from: 'q', path: 'fll', message: 1 }])
})

it('a codec of one’s own says the messages', async () => {
  const codec: Codec = { encode: (message) => message as Uint8Array, decode: (bytes) => bytes.length }
  const { transports, received } = await pair({}, codec)
  transports.p.send('q', 'fll', new Uint8Array(5))
  transports.p.send('q', 'fll', new Uint8Array(0))
  await until('both have arrived', () => received.q.length === 2)
  expect(received.q.map(({ message }) => message)).toEqual([5, 0])
})

describe('what can never arrive is no fair loss: it is refused where it is sent:', () => {
  it.each<[string, unknown, string]>([
    ['what the codec does not carry', { f: () => {} }, 'a message cannot carry a function (at f): it carries plain data'],
    ['what is too long', 'x'.repeat(65_500), 'a datagram of 65525 bytes is too long: expected at most 65507 (limits.datagramBytes)'],
  ])('%s', async (_, message, why) => {
    const { endpoint } = await listen()
    const addresses = ['p', 'q'].map((p, i): [string, Address] => [p, { ...endpoint.address, port: endpoint.address.port - i }])
    const transport = endpoint.transport({ addresses })
    attach(transport, 'p')
    expect(() => transport.send('q', 'fll', message)).toThrow(why)
    expect(endpoint.counters.datagrams.out).toBe(0)
  })

  it('for a process without an address, and for paths that are too long or none', async () => {
    const { transports } = await pair()
    expect(() => transports.p.send('nobody', 'fll', 1)).toThrow(new TypeError('there is no process nobody among the addresses'))
    expect(() => transports.p.send('q', '', 1)).toThrow(RangeError)
    expect(() => transports.p.send('q', 'x'.repeat(65_536), 1)).toThrow(RangeError)
  })

  it('and the longest that can arrive does', async () => {
    const { transports, received } = await pair()
    const longest = 'x'.repeat(65_507 - 20 - 'fll'.length - '""'.length)
    transports.p.send('q', 'fll', longest)
    await until('it has arrived', () => received.q.length === 1)
    expect(received.q[0]).toMatchObject({ message: longest })
  })
})

describe('what is not sent is dropped, counted and logged with its reason:', () => {
  it('queue-full: what the system does not take yet is bounded', async () => {
    const { p, transports } = await pair({ limits: { queueBytes: 100 } })
    transports.p.send('q', 'fll', 'x'.repeat(200))
    expect(p.endpoint.counters.datagrams.dropped['queue-full']).toBe(1)
  })

  it('send-failed: the system refuses', async () => {
    const { endpoint, lines } = await listen()
    const addresses = [
      ['p', endpoint.address],
      ['everybody', { host: '255.255.255.255', port: 9 }],
    ] as const
    const transport = endpoint.transport({ addresses })
    attach(transport, 'p', ['everybody', 'p'])
    transport.send('everybody', 'fll', 1)
    await until('it is counted', () => endpoint.counters.datagrams.dropped['send-failed'] === 1)
    expect(endpoint.counters.datagrams.out).toBe(0)
    expect(lines).toMatchObject([{ details: { reason: 'send-failed', code: 'EACCES' } }])
  })

  it('closed: after close nothing is sent, nothing throws, and every close is the same', async () => {
    const { p, transports } = await pair()
    const closing = p.endpoint.close()
    expect(p.endpoint.close()).toBe(closing)
    transports.p.send('q', 'fll', 1)
    await closing
    transports.p.send('q', 'fll', 2)
    expect(p.endpoint.counters.datagrams.dropped.closed).toBe(2)
  })
})

it('what is sent where nobody listens is lost, and hurts nobody', async () => {
  const { q, transports, p, received } = await pair()
  await q.endpoint.close()
  for (let i = 0; i < 20; i++) transports.p.send('q', 'fll', i)
  await until('they are out', () => p.endpoint.counters.datagrams.out === 20)
  transports.p.send('p', 'fll', 'to myself')
  await until('another one has arrived', () => received.p.length === 1)
  expect(p.endpoint.counters).toMatchObject({ socketErrors: 0, datagrams: { dropped: { 'send-failed': 0 } } })
})

it('a process that throws, with nobody told, ends the program; the endpoint goes on', async () => {
  const { transports } = await transportsOf()
  const received = attach(transports.p, 'p')
  const throwing = () => {
    throw new Error('a bad handler')
  }
  transports.q.attach(throwing, { self: 'q', processes: ['p', 'q'] })
  const later = vi.spyOn(globalThis, 'queueMicrotask')
  onTestFinished(() => later.mockRestore())
  const thrown = new Promise<() => void>((resolve) => later.mockImplementation(((action: () => void) => resolve(action)) as never))
  transports.p.send('q', 'fll', 1)
  expect(await thrown).toThrow('a bad handler')
  transports.q.send('p', 'fll', 2)
  await until('another one has arrived', () => received.length === 1)
})

describe('what makes no sense is refused at once:', () => {
  it.each([
    [{ host: 'localhost' }, TypeError],
    [{ host: '' }, TypeError],
    [{ port: -1 }, RangeError],
    [{ port: 65_536 }, RangeError],
    [{ limits: { datagramBytes: 65_508 } }, RangeError],
    [{ limits: { datagramBytes: 6 } }, RangeError],
    [{ limits: { queueBytes: 0 } }, RangeError],
    [{ limits: { queueBytes: Number.NaN } }, RangeError],
    [{ disturbance: { random: Math.random, lostPercent: 100 } }, RangeError],
  ])('%o', async (options, error) => {
    await expect(UdpEndpoint.listen({ host: HOST, port: 0, ...options })).rejects.toBeInstanceOf(error)
  })

  it.each([
    ['a name', [['p', { host: 'localhost', port: 1 }]]],
    ['another version', [['p', { host: '::1', port: 1 }]]],
    ['port 0', [['p', { host: HOST, port: 0 }]]],
    [
      'two processes in one place',
      [
        ['p', { host: HOST, port: 1 }],
        ['q', { host: HOST, port: 1 }],
      ],
    ],
  ] as const)('addresses: %s', async (_, addresses) => {
    const { endpoint } = await listen()
    expect(() => endpoint.transport({ addresses })).toThrow(TypeError)
    endpoint.transport({ addresses: [['p', endpoint.address]], codec: plainData })
    expect(() => endpoint.transport({ addresses: [] })).toThrow('already')
  })

  it('a port in use is a ListenError that says so', async () => {
    const { endpoint } = await listen()
    const refusal = await UdpEndpoint.listen(endpoint.address).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(ListenError)
    expect(refusal).toMatchObject({ code: 'EADDRINUSE', address: endpoint.address })
  })
})
