import { BasicBroadcast } from '@upon/broadcast'
import { type Attached, PerfectPointToPointLinks } from '@upon/contract'
import { ReadImposeWriteConsultMajority } from '@upon/register'
import { Process } from '@upon/runtime'
import { registerFace } from '@upon/runtime/faces'
import { TcpEndpoint, type TcpTransport, type TcpTransportOptions, tcpTransport } from '@upon/transport/tcp'
import { describe, expect, it, onTestFinished } from 'vitest'
import { describeMembership, encodeMembership } from '../../src/membership'
import { freeAddress, until } from './support'

const freePeers = async (...processes: string[]) => {
  const addresses = await Promise.all(processes.map(freeAddress))
  return Object.fromEntries(processes.map((p, i) => [p, `127.0.0.1:${addresses[i]?.port}`]))
}

/** The transport of `self`, closed when the test is over. */
async function open(self: string, peers: Record<string, string>, options: Partial<TcpTransportOptions> = {}): Promise<TcpTransport> {
  const transport = await tcpTransport({ self, peers, ...options })
  onTestFinished(() => transport.close())
  return transport
}

/** A process over links that it shows, and what they have delivered to it. */
function run(self: string, peers: Record<string, string>, transport: TcpTransport) {
  const process = new Process({ self, processes: Object.keys(peers), supply: [transport] })
  const pl = process.run(PerfectPointToPointLinks)
  const delivered: unknown[] = []
  process.upon(pl.deliver, (from, m) => delivered.push([from, m]))
  return { process, pl, delivered, transport }
}

/** An endpoint that says what it likes to the process of that address: as process `self` if that is given, or as a stranger. */
async function speaker(to: string, self?: { readonly name: string; readonly peers: Record<string, string> }) {
  const membership = self && describeMembership({ self: self.name, processes: Object.keys(self.peers) })
  const hello = membership && (() => encodeMembership(membership))
  const at = { host: '127.0.0.1', port: Number(self?.peers[self.name]?.split(':')[1] ?? 0) }
  const endpoint = await TcpEndpoint.listen({ ...at, onFrame: () => {}, ...(hello && { hello }) })
  onTestFinished(() => endpoint.close())
  const [host = '', port] = to.split(':')
  if (self !== undefined) endpoint.upgrade({ host, port: Number(port) })
  return (...bytes: (number | string)[]) =>
    endpoint.send({ host, port: Number(port) }, Buffer.concat(bytes.map((each) => Buffer.from(typeof each === 'string' ? each : [each]))))
}

describe('the perfect links of a process over TCP', () => {
  it('PL1 to PL3: what is sent is delivered once, as it was, in order, also what was sent before the other process was there', async () => {
    const peers = await freePeers('p', 'q')
    const p = run('p', peers, await open('p', peers))
    const messages = [undefined, -0, 'text', [1, { a: new Map([['k', new Set([2n])]]) }], Uint8Array.of(7), 0]
    for (const m of messages) p.pl.send('q', m)
    const transport = await open('q', peers)
    await until('they have come before there is a process', () => transport.counters.frames.in === messages.length)
    const q = run('q', peers, transport)
    await until('all are delivered', () => q.delivered.length === messages.length)
    expect(q.delivered).toStrictEqual(messages.map((m) => ['p', m]))
    q.pl.send('p', 'back')
    q.pl.send('q', 'to myself')
    await until('the answer is delivered', () => p.delivered.length === 1)
    expect(q.delivered.at(-1)).toEqual(['q', 'to myself'])
  })

  it('an atomic register runs over it, and survives the crash of a minority', async () => {
    const peers = await freePeers('p', 'q', 'r')
    const made = await Promise.all(
      Object.keys(peers).map(async (self) => {
        const transport = await open(self, peers)
        const process = new Process({ self, processes: Object.keys(peers), supply: [transport] })
        return { transport, register: registerFace(process, process.run(ReadImposeWriteConsultMajority.of<string>())) }
      }),
    )
    const [p, q, r] = made
    await p?.register.write('hello')
    expect(await r?.register.read()).toBe('hello')
    await r?.transport.close()
    await q?.register.write('still here')
    expect(await p?.register.read()).toBe('still here')
  })

  it('a broadcast is encoded once for all', async () => {
    const peers = await freePeers('p', 'q', 'r', 's')
    let encoded = 0
    const codec = {
      encode: (m: unknown) => Buffer.from(`${++encoded} ${m}`),
      decode: (bytes: Uint8Array) => Buffer.from(bytes).toString(),
      check: () => {},
    }
    const process = new Process({ self: 'p', processes: Object.keys(peers), supply: [await open('p', peers, { codec })] })
    const beb = process.run(BasicBroadcast.of<string>())
    beb.broadcast('hello')
    expect(encoded).toBe(1)
    beb.broadcast('hello')
    expect(encoded).toBe(1) // the same text is the same message
    beb.broadcast('bye')
    expect(encoded).toBe(2)
  })

  it('what is no message of a peer’s is refused, counted and logged; those after it are delivered', async () => {
    const peers = await freePeers('p', 'q')
    const lines: string[] = []
    const transport = await open('q', peers, {
      onLog: (_level, message, details) => lines.push(`${message} ${(details as { reason?: string })?.reason}`),
    })
    const q = run('q', peers, transport)
    const say = await speaker(peers.q as string, { name: 'p', peers })
    const shout = await speaker(peers.q as string)
    shout(1, 0, 1, 'p', 0, 2, 'pl', '5')
    await until('that of a stranger is refused', () => transport.counters.refused['no-greeting'] === 1)
    const envelope = (from: string, message: string) => [1, 0, from.length, from, 0, 2, 'pl', message]
    say('GET / HTTP/1.1')
    say(1)
    say(1, 0, 9, 'p')
    say(1, 0, 1, 0xff, 0, 2, 'pl', '5')
    say(...envelope('x', '5'))
    say(...envelope('q', '5'))
    say(...envelope('p', '{'))
    say(...envelope('p', ''))
    say(...envelope('p', '"good"'))
    await until('the good one is delivered', () => q.delivered.length === 1)
    expect(q.delivered).toEqual([['p', 'good']])
    const refused = { 'no-greeting': 1, 'no-envelope': 4, 'unknown-sender': 2, 'not-decodable': 2, membership: 0 }
    expect(transport.counters.refused).toEqual(refused)
    expect(lines.filter((line) => line.startsWith('message refused'))).toHaveLength(9)
  })

  it('a value that cannot be carried is refused where it is handed in; a message of an algorithm that is too long is its fault', async () => {
    const peers = await freePeers('p', 'q')
    const transport = await open('p', peers)
    const { pl } = run('p', peers, transport)
    expect(() => pl.send('q', { callback: () => {} })).toThrow('a message cannot carry a function (at callback): it carries plain data')
    expect(() => pl.send('q', 'x'.repeat(2 ** 20))).toThrow('a value is too large: expected at most 1048576 bytes as JSON')
    expect(() => transport.send('q', 'pl', 'x'.repeat(2 ** 22))).toThrow(/a message of \d+ bytes is too long: expected at most \d+ /)
    expect(() => transport.send('z', 'pl', 'hello')).toThrow('there is no process z among the peers p, q')
  })

  it.each(['localhost', '127.0.0.1:0', ':5000', '127.0.0.1:70000', '::1:5000', '[]:5000', 'a:b:5'])(
    'refuses the address %s',
    async (address) => {
      await expect(tcpTransport({ self: 'p', peers: { p: '127.0.0.1:5000', q: address } })).rejects.toThrow(
        `address of q: expected HOST:PORT, found ${address}`,
      )
    },
  )

  it('refuses a process that is not among its peers, an address that is taken, and a second process', async () => {
    const peers = await freePeers('p', 'q')
    const misuse = { name: 'TypeError', code: 'UPON_MISUSE' }
    for (const wrong of [undefined, { self: 'p' }, { peers }, { self: 'p', peers: ['127.0.0.1:1'] }])
      await expect(tcpTransport(wrong as never)).rejects.toMatchObject({
        ...misuse,
        message: expect.stringContaining('expected { self: NAME'),
      })
    await expect(tcpTransport({ self: 'p', peers: { p: '127.0.0.1' } })).rejects.toMatchObject({
      ...misuse,
      message: 'address of p: expected HOST:PORT, found 127.0.0.1',
    })
    await expect(tcpTransport({ self: 'x', peers })).rejects.toThrow('process x is not among the peers p, q')
    const transport = await open('p', peers)
    await expect(tcpTransport({ self: 'p', peers })).rejects.toMatchObject({ name: 'ListenError' })
    run('p', peers, transport)
    expect(() => run('p', peers, transport)).toThrow('a process runs over the links of p already')
  })

  it.each<[string, string[], Partial<Attached>, string, string]>([
    ['ranks', ['p', 'q'], { rank: (p) => (p === 'p' ? 2 : 1) }, 'ranks of p and q are swapped at q', 'ranks of p and q are swapped at p'],
    ['processes', ['p', 'q', 'x'], {}, 'q lists p, q, x; here p, q', 'p lists p, q; here p, q, x'],
  ])('processes that know other %s refuse each other, say in what they differ, and count it', async (_, ofQ, attached, atP, atQ) => {
    const peers = await freePeers('p', 'q', 'x')
    const lines = { p: [] as string[], q: [] as string[] }
    const onLog = (to: string[]) => (_level: string, message: string, details?: object) => to.push(`${message} ${JSON.stringify(details)}`)
    const p = await open('p', { p: peers.p as string, q: peers.q as string }, { onLog: onLog(lines.p) })
    const q = await open('q', Object.fromEntries(ofQ.map((each) => [each, peers[each] as string])), { onLog: onLog(lines.q) })
    const delivered: unknown[] = []
    p.attach((...each) => delivered.push(each), { self: 'p', processes: ['p', 'q'] })
    q.attach((...each) => delivered.push(each), { self: 'q', processes: ofQ, ...attached })
    p.send('q', 'pl', 1)
    q.send('p', 'pl', 1)
    await until('both have said so', () => lines.p.join().includes(atP) && lines.q.join().includes(atQ))
    const refusals = ({ counters: { connections } }: TcpTransport) => connections.refusedHere + connections.refusedByPeer
    expect([refusals(p) > 0, refusals(q) > 0, delivered]).toEqual([true, true, []])
  })

  it('what came before the process was made is delivered then, but of a process that knows others', async () => {
    const peers = await freePeers('p', 'q')
    const transport = await open('q', peers)
    const p = run('p', peers, await open('p', peers))
    p.pl.send('q', 1)
    await until('it has come', () => transport.counters.frames.in === 1)
    const received: unknown[] = []
    transport.attach((...each) => received.push(each), { self: 'q', processes: ['p', 'q'], rank: (each) => (each === 'p' ? 5 : 1) })
    await until('it is refused', () => transport.counters.refused.membership === 1)
    expect(received).toEqual([])
  })

  it('more than is held for a process to come is read when it has come: nothing is lost, and its sender waits in peace', async () => {
    const peers = await freePeers('p', 'q')
    const transport = await open('q', peers)
    const p = run('p', peers, await open('p', peers))
    const sent = Array.from({ length: 40_000 }, (_, i) => i)
    for (const i of sent) p.transport.send('q', 'pl', i)
    await until('as many have come as are held', () => transport.counters.frames.in >= 10_000)
    const before = p.transport.counters.bytes.in
    await until('its sender has heard again that it is there', () => p.transport.counters.bytes.in >= before + 3 * 8)
    expect(transport.counters.frames.in).toBeLessThan(20_000)
    const q = run('q', peers, transport)
    await until('all have come', () => q.delivered.length === sent.length)
    expect(q.delivered).toEqual(sent.map((i) => ['p', i]))
    expect(p.transport.counters.connections.stalled).toBe(0)
  })

  it('processes and peers are the same, or the process is refused where it is made', async () => {
    const peers = await freePeers('p', 'q')
    const transport = await open('p', peers)
    const make = (self: string, processes: string[]) => () => new Process({ self, processes, supply: [transport] })
    expect(make('p', ['p', 'q', 'z'])).toThrow('process z is not among the peers')
    expect(make('p', ['p'])).toThrow('q is among the peers, and not among the processes')
    expect(make('q', ['p', 'q'])).toThrow('these are the links of p, and not of q')
    make('p', ['q', 'p'])()
  })

  it('serves without a process, too: messages can be sent before anything is attached, by those that know only their peers', async () => {
    const peers = await freePeers('p', 'q')
    const [p, q] = [await open('p', peers), await open('q', peers)]
    const delivered: unknown[] = []
    p.send('q', 'pl', 1)
    q.attach((from, path, m) => delivered.push([from, path, m]))
    p.send('q', 'pl', 2)
    await until('both are delivered', () => delivered.length === 2)
    expect(delivered).toEqual([1, 2].map((m) => ['p', 'pl', m]))
    const rank = (name: string) => ({ p: 2, q: 1 })[name] ?? 0
    expect(() => p.attach(() => {}, { self: 'p', processes: ['q', 'p'], rank })).toThrow('messages were sent under other ranks before')
    run('p', peers, p).pl.send('q', 3)
    await until('it goes on with a process', () => delivered.length === 3)
  })

  it('what may be handed in arrives however often it is passed on, also under longer names, and with one value of each process', async () => {
    const peers = await freePeers('p', 'process-with-a-long-name', 'r')
    const names = Object.keys(peers)
    const members = await Promise.all(names.map(async (self) => run(self, peers, await open(self, peers))))
    const [p, q] = members
    const longest = 'x'.repeat(2 ** 20 - 2)
    const transport = await open('x', await freePeers('x', 'y'))
    transport.attach(() => {}, { self: 'x', processes: ['x', 'y'] })
    expect(() => transport.check?.(longest)).not.toThrow()
    expect(() => transport.check?.(`${longest}x`)).toThrow(RangeError)
    expect(() => transport.check?.({ when: new Date() })).toThrow('an instance of Date (at when)')
    p?.transport.send('r', 'pl', { kind: 'PROPOSAL', round: 3, correct: names, proposals: names.map((each) => ({ p: each, v: longest })) })
    q?.transport.send('p', 'pl', { kind: 'DATA', s: 'p', sn: 1, m: longest })
    await until('both have arrived', () => members[2]?.delivered.length === 1 && p?.delivered.length === 1)
  })

  it('limits that leave no room for a value are refused when they are set', async () => {
    const peers = await freePeers('p', 'q')
    await expect(tcpTransport({ self: 'p', peers, limits: { frameBytes: 600 } })).rejects.toThrow(/have no room for values of -?\d+ bytes/)
    await expect(tcpTransport({ self: 'p', peers, limits: { frameBytes: 2_000, payloadBytes: 1_500 } })).rejects.toThrow(RangeError)
    await open('p', peers, { limits: { frameBytes: 2_000 } })
  })

  it('a process that does not take what it gets is given up; it learns that, and sends no more', async () => {
    const peers = await freePeers('p', 'q')
    const limits = { queueFrames: 10, retryMaxMs: 50 }
    const transport = await open('p', peers, { limits })
    run('p', peers, transport)
    for (let i = 0; i < 12; i++) transport.send('q', 'pl', i)
    expect(transport.givenUp).toEqual(['q'])
    expect(transport.counters.frames.dropped['given-up']).toBe(12)
    const late = await open('q', peers, { limits })
    run('q', peers, late)
    await until('q knows', () => late.givenUp.length === 1)
    expect(() => late.send('p', 'pl', 'x')).toThrow('this process is over: p has given it up')
  })

  it('a process that comes back under its name is refused, at both ends', async () => {
    const peers = await freePeers('p', 'q')
    const [p, first] = [await open('p', peers), await open('q', peers)]
    run('p', peers, p)
    run('q', peers, first)
    p.send('q', 'pl', 1)
    await until('it has come', () => first.counters.frames.in === 1)
    await first.close()
    const second = await open('q', peers)
    run('q', peers, second)
    await until('both know', () => p.givenUp.length === 1 && second.givenUp.length === 1)
    expect(second.counters.frames.in).toBe(0)
    expect(() => second.send('p', 'pl', 1)).toThrow('p has given it up')
  })

  it('reports pressure', async () => {
    const peers = await freePeers('p', 'q')
    const transport = await open('p', peers, { limits: { queueFrames: 10 } })
    run('p', peers, transport)
    expect(transport.pressure.isFull).toBe(false)
    for (let i = 0; i < 6; i++) transport.send('q', 'pl', i)
    expect(transport.pressure.isFull).toBe(true)
  })

  it('refuses more peers than connections when it is set up', async () => {
    const peers = await freePeers('p', 'q', 'r', 's')
    await expect(tcpTransport({ self: 'p', peers, limits: { connections: 2 } })).rejects.toThrow(
      expect.objectContaining({ name: 'TooManyPeersError', peers: 3, limit: 2 }),
    )
  })
})
