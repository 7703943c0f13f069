import type { Attached, ProcessId } from '@upon/contract'
import { UdpEndpoint } from '@upon/transport/udp'
import { describe, expect, it, onTestFinished } from 'vitest'
import { until } from '../tcp/support'
import { attach, HOST, listen, transports } from './support'

type Lines = Awaited<ReturnType<typeof listen>>['lines']
const whys = (lines: Lines) => new Set(lines.map(({ details }) => details.why))

/** The same endpoint again, as after a restart: same address, another start. */
async function again(endpoint: UdpEndpoint) {
  const { address } = endpoint
  await endpoint.close()
  return listen(address)
}

describe('processes that know others, or other ranks, refuse each other, say in what they differ, and count it', () => {
  it.each<[string, Partial<Attached>, Partial<Attached>, string, string]>([
    [
      'ranks that are swapped',
      {},
      { rank: (p: ProcessId) => (p === 'p' ? 2 : 1), processes: ['q', 'p'] },
      'ranks of p and q are swapped at q',
      'ranks of q and p are swapped at p',
    ],
    [
      'ranks from 0',
      {},
      { rank: (p: ProcessId) => (p === 'p' ? 0 : 1) },
      'the rank of p is 0 at q; here 1',
      'the rank of p is 1 at p; here 0',
    ],
  ])('%s', async (_, ofP, ofQ, atP, atQ) => {
    const { p, q, transports: links } = await transports()
    const received: unknown[] = []
    links.p.attach((...each) => received.push(each), { self: 'p', processes: ['p', 'q'], ...ofP })
    links.q.attach((...each) => received.push(each), { self: 'q', processes: ['p', 'q'], ...ofQ })
    for (let i = 0; i < 100; i++) {
      links.p.send('q', 'fll', 1)
      links.q.send('p', 'fll', 1)
    }
    const hasSaid = ({ lines }: { lines: Lines }) => lines.some(({ message }) => message === 'datagram refused')
    await until('both have said so', () => hasSaid(p) && hasSaid(q))
    expect([...whys(p.lines)]).toEqual([atP])
    expect([...whys(q.lines)]).toEqual([atQ])
    expect(received).toEqual([])
    const { datagrams } = p.endpoint.counters
    expect(datagrams.refused.membership).toBeGreaterThan(0)
    links.p.send('q', 'fll', 1)
    expect(p.endpoint.counters.datagrams.dropped.stranger).toBeGreaterThan(0)
    expect(p.endpoint.counters.greetings.out + q.endpoint.counters.greetings.out).toBeLessThan(5)
  })

  it('a process without an address, and an address without a process, are refused where the process is made', async () => {
    const { transports: links } = await transports()
    expect(() => attach(links.p, 'p', ['p', 'q', 'r'])).toThrow(new TypeError('process r is not among the addresses'))
    expect(() => attach(links.p, 'p', ['p'])).toThrow(new TypeError('process q has an address, and is not among the processes'))
  })

  it('limits that differ are logged too', async () => {
    const [p, q] = [await listen(), await listen({ limits: { datagramBytes: 1_400, payloadBytes: 500 } })]
    const addresses = [
      ['p', p.endpoint.address],
      ['q', q.endpoint.address],
    ] as const
    attach(p.endpoint.transport({ addresses }), 'p')
    const links = q.endpoint.transport({ addresses })
    attach(links, 'q')
    links.send('p', 'fll', 1)
    await until('p has said so', () => p.lines.length > 0)
    expect([...whys(p.lines)]).toEqual(['datagramBytes is 1400 at q; here 65507'])
  })
})

describe('a process that comes back under the name of one that crashed', () => {
  it('is refused at both ends, in either direction; nothing of it is delivered, and nothing is swallowed silently', async () => {
    const { p, q, addresses, transports: links } = await transports()
    attach(links.p, 'p')
    const received = attach(links.q, 'q')
    links.p.send('q', 'fll', 'first life')
    await until('it has arrived', () => received.length === 1)
    const back = await again(p.endpoint)
    const second = back.endpoint.transport({ addresses })
    const heard = attach(second, 'p')
    second.send('q', 'fll', 'second life')
    await until('both know', () => q.lines.length > 0 && back.lines.length > 0)
    links.q.send('p', 'fll', 'to the first life')
    await until('it is refused', () => back.endpoint.counters.datagrams.refused.incarnation > 1)
    second.send('q', 'fll', 'second life')
    expect([received.length, heard.length]).toEqual([1, 0])
    expect([...whys(q.lines)]).toEqual(['p was started again: a crashed process must not come back'])
    expect([...whys(back.lines)]).toEqual(['q knows an earlier start of this process: a crashed process must not come back'])
    expect(q.endpoint.counters.datagrams.refused.incarnation).toBeGreaterThan(0)
    expect(back.endpoint.counters.datagrams.dropped.stranger).toBe(1)
  })

  it('is taken where processes recover; its earlier start is heard no more', async () => {
    const { p, addresses, transports: links } = await transports({}, { recovers: true })
    attach(links.p, 'p')
    const received = attach(links.q, 'q')
    links.p.send('q', 'fll', 'first life')
    await until('it has arrived', () => received.length === 1)
    const back = await again(p.endpoint)
    const second = back.endpoint.transport({ addresses, recovers: true })
    const heard = attach(second, 'p')
    second.send('q', 'fll', 'second life')
    await until('it has arrived', () => received.length === 2)
    links.q.send('p', 'fll', 'welcome')
    await until('it has arrived', () => heard.length === 1)
    expect(back.lines).toEqual([])
  })
})

describe('addresses', () => {
  const meet = async (host: string, ofPeers: string) => {
    const [p, q] = [await listen({ host }), await listen({ host })]
    const addresses = [
      ['p', { host: ofPeers, port: p.endpoint.address.port }],
      ['q', { host: ofPeers, port: q.endpoint.address.port }],
    ] as const
    const links = [p, q].map(({ endpoint }) => endpoint.transport({ addresses }))
    const received = links.map((each, i) => attach(each, 'pq'[i] as string))
    links[0]?.send('q', 'fll', 'there')
    links[1]?.send('p', 'fll', 'back')
    await until('both have arrived', () => received.every(({ length }) => length === 1))
  }

  it.each([
    ['::', HOST],
    ['::', '::ffff:127.0.0.1'],
    ['::', '0:0:0:0:0:ffff:7f00:1'],
    ['::', '0000::0001'],
    ['0:0::0', HOST],
    ['0.0.0.0', HOST],
    ['::1', '0:0:0:0:0:0:0:1'],
  ])('a socket on %s talks to peers at %s', meet)

  it.each([
    [HOST, '::1'],
    [HOST, 'localhost'],
    ['::1', HOST],
    ['::1', '::ffff:127.0.0.1'],
    ['0.0.0.0', '::1'],
  ])('a socket on %s could not talk to a peer at %s: refused when it is set up', async (host, peer) => {
    const endpoint = await UdpEndpoint.listen({ host, port: 0 })
    onTestFinished(() => endpoint.close())
    expect(() => endpoint.transport({ addresses: [['q', { host: peer, port: 1 }]] })).toThrow(TypeError)
  })
})

it('values that cannot travel, or that others could not pass on, are refused where they are handed in', async () => {
  const { transports: links } = await transports()
  attach(links.p, 'p')
  expect(() => links.p.check?.({ when: new Date() })).toThrow('an instance of Date (at when)')
  expect(() => links.p.check?.('x'.repeat(33_000))).toThrow(RangeError)
  expect(() => links.p.check?.('x'.repeat(31_000))).not.toThrow()
})
