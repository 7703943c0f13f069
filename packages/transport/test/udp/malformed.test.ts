import type { RefusalReason } from '@upon/transport/udp'
import { expect, it } from 'vitest'
import { seededRandom, until } from '../tcp/support'
import { attach, datagram, listen, pair, rawSocket } from './support'

/** Process p, and a raw socket where its peer q should be. */
async function withRawPeer(limits = {}) {
  const [p, q] = [await listen({ limits }), await rawSocket()]
  const transport = p.endpoint.transport({
    addresses: [
      ['p', p.endpoint.address],
      ['q', q.address],
    ],
  })
  const received = attach(transport, 'p')
  return { p, received, send: (bytes: Uint8Array) => q.send(bytes, p.endpoint.address) }
}

const bytes = (...values: number[]) => Uint8Array.from(values)
const json = (text: string) => datagram({ body: new TextEncoder().encode(text) })

it.each<[string, Uint8Array, RefusalReason]>([
  ['nothing', bytes(), 'too-short'],
  ['one byte', bytes(0x55), 'too-short'],
  ['a header cut short', datagram().subarray(0, 19), 'too-short'],
  ['zeros', new Uint8Array(100), 'not-ours'],
  ['another magic', datagram({ magic: [0x55, 0x50, 0x4f, 2] }), 'not-ours'],
  ['another version', datagram({ magic: [0x55, 0x50, 0x4e, 3] }), 'not-ours'],
  ['a sender that is no start of a process', datagram({ from: 0 }), 'not-ours'],
  ['a greeting beyond the end', datagram({ greetingBytes: 60_000 }), 'bad-greeting'],
  ['a greeting that is none', datagram({ from: 1, greeting: bytes(0x7b, 0x7d) }), 'no-greeting'],
  ['a greeting of another start', datagram({ from: 1 }), 'no-greeting'],
  ['a message without a path', datagram({ path: bytes() }), 'bad-path'],
  ['a path beyond the end', datagram({ pathBytes: 5 }), 'bad-path'],
  ['a path of 65,535 bytes that are not there', datagram({ pathBytes: 0xffff }), 'bad-path'],
  ['a little-endian length', datagram({ pathBytes: 0x300 }), 'bad-path'],
  ['a path that is no UTF-8', datagram({ path: bytes(0xff, 0xfe, 0xfd) }), 'bad-path'],
  ['a path cut in the middle of a character', datagram({ path: bytes(0x61, 0xe2, 0x82) }), 'bad-path'],
  ['no body', datagram({ body: bytes() }), 'not-decodable'],
  ['a body that is no UTF-8', datagram({ body: bytes(0x22, 0xc3, 0x28, 0x22) }), 'not-decodable'],
  ['a body that is no JSON', json('{"kind":'), 'not-decodable'],
  ['a body and then more', json('1 2'), 'not-decodable'],
  ['a sign that stands for nothing', json('{"$undefined":5}'), 'not-decodable'],
  ['nesting that knows no end', json('['.repeat(60_000)), 'not-decodable'],
  ['nesting 30,000 deep', json('['.repeat(30_000) + ']'.repeat(30_000)), 'not-decodable'],
  ['one byte above the limit', datagram({ body: new Uint8Array(61_001) }), 'too-long'],
])('%s is refused, counted and logged with its reason; later messages are accepted', async (_, wrong, reason) => {
  const { p, received, send } = await withRawPeer({ datagramBytes: 61_001 })
  await send(wrong)
  await send(datagram())
  await until('the good one has arrived', () => received.length === 1)
  expect(received).toEqual([{ from: 'q', path: 'fll', message: 1 }])
  const { refused } = p.endpoint.counters.datagrams
  expect(Object.entries(refused).filter(([, count]) => count > 0)).toEqual([[reason, 1]])
  expect(p.lines).toMatchObject([{ level: 'warn', message: 'datagram refused', details: { reason, bytes: wrong.length } }])
})

it('what comes from where no process is, is foreign, however good it looks', async () => {
  const { p, received } = await pair()
  const stranger = await rawSocket()
  for (let i = 0; i < 100; i++) await stranger.send(datagram(), p.endpoint.address)
  await until('they are counted', () => p.endpoint.counters.datagrams.refused.foreign === 100)
  expect(received.p).toEqual([])
  expect(p.lines).toHaveLength(10)
  expect(p.lines[0]).toMatchObject({ details: { reason: 'foreign', remotePort: stranger.address.port } })
})

it('what comes before a process runs over the endpoint is lost, and counted', async () => {
  const { endpoint } = await listen()
  const q = await rawSocket()
  await q.send(datagram(), endpoint.address)
  await until('it is counted', () => endpoint.counters.datagrams.refused.unattached === 1)
})

it('5,000 datagrams of random bytes, and good ones with bytes changed, cut off and added: never a crash, each counted', async () => {
  const { p, received, send } = await withRawPeer()
  const random = seededRandom(11)
  const good = datagram({ body: new TextEncoder().encode('{"kind":"DATA","n":1,"m":{"$undefined":true}}') })
  const spoilt = () => {
    const copy = [...good]
    for (let changes = 1 + random(3); changes > 0; changes--) {
      const at = random(copy.length)
      if (random(3) === 0) copy.splice(at, random(copy.length))
      else if (random(2) === 0) copy.splice(at, 0, random(256))
      else copy[at] = random(256)
    }
    return Uint8Array.from(copy)
  }
  const TOTAL = 5_000
  let sent = 0
  for (; sent < TOTAL; sent++) {
    const bytes = random(4) === 0 ? Uint8Array.from({ length: random(60) }, () => random(256)) : spoilt()
    void send(bytes)
    if (sent % 32 === 0) await new Promise(setImmediate)
  }
  const seen = () => {
    const { datagrams, greetings } = p.endpoint.counters
    const { in: taken, early, refused } = datagrams
    return taken + early + greetings.in + Object.values(refused).reduce((sum, count) => sum + count)
  }
  await send(good)
  await until('a good one has arrived', () => {
    if (received.at(-1)?.path !== 'fll') void send(good)
    return received.at(-1)?.path === 'fll'
  })
  expect(seen()).toBeGreaterThan(TOTAL / 2)
  const { refused } = p.endpoint.counters.datagrams
  for (const reason of ['too-short', 'not-ours', 'bad-path', 'not-decodable'] as const) expect(refused[reason]).toBeGreaterThan(0)
  expect(p.endpoint.counters).toMatchObject({ socketErrors: 0 })
  expect(p.lines.length).toBeLessThanOrEqual(100)
})
