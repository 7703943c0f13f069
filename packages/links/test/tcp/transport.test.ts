import { BasicBroadcast } from '@upon/broadcast'
import { PerfectPointToPointLinks } from '@upon/contract'
import { TcpEndpoint, type TcpTransport, type TcpTransportOptions, tcpTransport } from '@upon/links/tcp'
import { ReadImposeWriteConsultMajority } from '@upon/register'
import { Process } from '@upon/runtime'
import { registerFace } from '@upon/runtime/faces'
import { describe, expect, it, onTestFinished } from 'vitest'
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
  return { process, pl, delivered }
}

/** An endpoint that says what it likes to the process of that address. */
async function stranger(to: string) {
  const endpoint = await TcpEndpoint.listen({ host: '127.0.0.1', port: 0, onFrame: () => {} })
  onTestFinished(() => endpoint.close())
  const [host = '', port] = to.split(':')
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
    const codec = { encode: (m: unknown) => Buffer.from(`${++encoded} ${m}`), decode: (bytes: Uint8Array) => Buffer.from(bytes).toString() }
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
    const say = await stranger(peers.q as string)
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
    expect(transport.counters.refused).toEqual({ 'no-envelope': 4, 'unknown-sender': 2, 'not-decodable': 2, unattached: 0 })
    expect(lines.filter((line) => line.startsWith('message refused'))).toHaveLength(8)
  })

  it('a message that cannot be carried crashes its sender, and says what is wrong with it', async () => {
    const peers = await freePeers('p', 'q')
    const crashOf = async (m: unknown, to = 'q') => {
      const crashes: string[] = []
      const transport = await open('p', peers)
      const process = new Process({
        self: 'p',
        processes: ['p', 'q', 'z'],
        supply: [transport],
        onCrash: ({ message }) => crashes.push(message),
      })
      process.run(PerfectPointToPointLinks).send(to, m)
      await transport.close()
      return crashes
    }
    expect(await crashOf({ callback: () => {} })).toEqual([
      'p: pl threw upon pl.send: a message cannot carry a function (at callback): it carries plain data',
    ])
    expect((await crashOf('x'.repeat(2 ** 20))).join()).toMatch(/a message of \d+ bytes is too long: expected at most 1048576/)
    expect(await crashOf('hello', 'z')).toEqual(['p: pl threw upon pl.send: there is no process z among the peers p, q'])
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
    await expect(tcpTransport({ self: 'x', peers })).rejects.toThrow('process x is not among the peers p, q')
    const transport = await open('p', peers)
    await expect(tcpTransport({ self: 'p', peers })).rejects.toMatchObject({ name: 'ListenError' })
    run('p', peers, transport)
    expect(() => run('p', peers, transport)).toThrow('a process runs over the links of p already')
  })

  it('a process that does not take what it gets is given up; it is told, and sends no more', async () => {
    const peers = await freePeers('p', 'q')
    const limits = { queueFrames: 10, retryMaxMs: 50 }
    const transport = await open('p', peers, { limits })
    for (let i = 0; i < 12; i++) transport.send('q', 'pl', i)
    expect(transport.givenUp).toEqual(['q'])
    expect(transport.counters.frames.dropped['given-up']).toBe(12)
    const late = await open('q', peers, { limits })
    await until('q knows', () => late.givenUp.length === 1)
    expect(() => late.send('p', 'pl', 'x')).toThrow('this process is over: p has given it up')
  })

  it('a process that comes back under its name is refused, at both ends', async () => {
    const peers = await freePeers('p', 'q')
    const [p, first] = [await open('p', peers), await open('q', peers)]
    run('q', peers, first)
    p.send('q', 'pl', 1)
    await until('it has come', () => first.counters.frames.in === 1)
    await first.close()
    const second = await open('q', peers)
    await until('both know', () => p.givenUp.length === 1 && second.givenUp.length === 1)
    expect(second.counters.frames.in).toBe(0)
    expect(() => second.send('p', 'pl', 1)).toThrow('p has given it up')
  })

  it('tells of pressure', async () => {
    const peers = await freePeers('p', 'q')
    const transport = await open('p', peers, { limits: { queueFrames: 10 } })
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
