import { misuse, PerfectPointToPointLinks } from '@upon/contract'
import { Process } from '@upon/runtime'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { LossyMemoryNetwork, MemoryNetwork } from './index'

function system(processes: readonly string[]) {
  const network = new MemoryNetwork()
  const delivered: string[] = []
  const links = new Map(
    processes.map((self) => {
      const process = new Process({ self, processes, supply: [network.transport(self)] })
      const pl = process.run(PerfectPointToPointLinks.of<string>())
      process.upon(pl.deliver, (p, m) => {
        delivered.push(`${p}>${self} ${m}`)
        const [next, ...rest] = m.split(' ')
        if (next !== undefined && processes.includes(next)) pl.send(next, rest.join(' '))
      })
      return [self, pl]
    }),
  )
  const send = (p: string, q: string, m: string) => links.get(p)?.send(q, m)
  return { network, delivered, send }
}

it('PL1 reliable delivery, PL2 no duplication, PL3 no creation: what is sent is delivered, once, with its sender, in the order of sending', () => {
  const processes = ['p', 'q', 'r']
  const name = fc.constantFrom(...processes)
  fc.assert(
    fc.property(fc.array(fc.tuple(name, name)), (sends) => {
      const { delivered, send } = system(processes)
      for (const [i, [p, q]] of sends.entries()) send(p, q, `${i}`)
      expect(delivered).toEqual(sends.map(([p, q], i) => `${p}>${q} ${i}`))
    }),
  )
})

it('an answer sent by a delivery handler does not nest, and all is delivered when the first send returns', () => {
  const { delivered, send } = system(['p', 'q'])
  send('p', 'q', `${'p q '.repeat(1000)}end`)
  expect(delivered).toHaveLength(2001)
  expect(delivered.at(-1)).toBe('p>q end')
})

it('what is sent to a process that was taken off is lost, and hurts nobody', () => {
  const { network, delivered, send } = system(['p', 'q', 'r'])
  network.detach('q')
  send('p', 'q', 'lost')
  send('p', 'r', 'kept')
  send('q', 'r', 'lost')
  expect(delivered).toEqual(['p>r kept'])
})

it('a wrapper around a transport that does not pass on the joining process gets its links, uncompared', () => {
  const network = new MemoryNetwork()
  const delivered: unknown[] = []
  const [p] = ['p', 'q'].map((self) => {
    const links = network.transport(self)
    const attach = (receive: Parameters<typeof links.attach>[0]) => (links.attach as (only: typeof receive) => void)(receive)
    const process = new Process({ self, processes: ['p', 'q'], supply: [{ ...links, attach }] })
    const pl = process.run(PerfectPointToPointLinks.of<string>())
    process.upon(pl.deliver, (from, m) => delivered.push(`${from} ${m}`))
    return pl
  })
  p?.send('q', 'm')
  expect(delivered).toEqual(['p m'])
})

describe('a process of the system that joins later', () => {
  type Delivered = [from: string, path: string, message: unknown][]
  const join = (network: MemoryNetwork, self: string) => {
    const delivered: Delivered = []
    const links = network.transport(self)
    links.attach((...each) => delivered.push(each), { self, processes: ['p', 'q'] })
    return { ...links, delivered }
  }

  it('is delivered all that was sent to it before, in order', () => {
    const network = new MemoryNetwork()
    const p = join(network, 'p')
    for (let i = 0; i < 20_000; i++) p.send('q', 'pl', i)
    const q = join(network, 'q')
    p.send('q', 'pl', 20_000)
    expect(q.delivered).toEqual(Array.from({ length: 20_001 }, (_, i) => ['p', 'pl', i]))
  })

  it('takes what was sent to it before once it runs: a process made late, and its instances later still', () => {
    const network = new MemoryNetwork()
    const processes = ['p', 'q']
    const start = (self: string) => new Process({ self, processes, supply: [network.transport(self)] })
    start('p').run(PerfectPointToPointLinks.of<string>()).send('q', 'early')
    const q = start('q')
    const delivered: string[] = []
    q.upon(q.run(PerfectPointToPointLinks.of<string>()).deliver, (from, m) => void delivered.push(`${from} ${m}`))
    expect(delivered).toEqual(['p early'])
  })

  it('was given up if 200,000 messages waited for it and one more came, and cannot join: no link has a hole in it', () => {
    const network = new MemoryNetwork({ handOver: 'reference' })
    const p = join(network, 'p')
    for (let i = 0; i <= 200_000; i++) p.send('q', 'pl', i)
    expect(() => join(network, 'q')).toThrow('process q cannot join this network: it was given up: 200000 messages waited for it')
  })

  it('has crashed if it was taken off before', () => {
    const network = new MemoryNetwork()
    join(network, 'p').send('q', 'pl', 1)
    network.detach('q')
    expect(() => join(network, 'q')).toThrow('has crashed')
  })
})

describe.each([
  ['MemoryNetwork', (options = {}) => new MemoryNetwork(options)],
  ['LossyMemoryNetwork', (options = {}) => new LossyMemoryNetwork({ random: () => 0.5, ...options })],
] as const)('%s', (_, network) => {
  type Receive = (from: string, path: string, message: unknown) => void
  const join = (net: ReturnType<typeof network>, self: string, processes = ['p', 'q'], receive: Receive = () => {}) => {
    const links = net.transport(self)
    links.attach(receive, { self, processes })
    return links
  }

  it('messages arrive as copies, as they were when they were sent; values that no other network carries are refused', () => {
    const net = network()
    const received: unknown[] = []
    const { send, check } = join(net, 'p')
    join(net, 'q', ['p', 'q'], (_from, _path, message) => received.push(message))
    const message = { map: new Map([['k', [1]]]) }
    send('q', 'pl', message)
    message.map.get('k')?.push(2)
    expect(received).toStrictEqual([{ map: new Map([['k', [1]]]) }])
    expect(() => send('q', 'pl', new Date())).toThrow('a message cannot carry an instance of Date')
    expect(() => check?.(new Date())).toThrow(TypeError)
    expect(() => check?.('x'.repeat(2 ** 20))).toThrow(RangeError)
    expect(() => check?.('x'.repeat(2 ** 20 - 2))).not.toThrow()
  })

  it('messages are handed over as they are where that is asked for', () => {
    const net = network({ handOver: 'reference' })
    const received: unknown[] = []
    const { send, check } = join(net, 'p')
    join(net, 'q', ['p', 'q'], (_from, _path, message) => received.push(message))
    const message = new Date()
    check?.(message)
    send('q', 'pl', message)
    expect(received[0]).toBe(message)
    expect(() => network({ handOver: 'copies' as 'copy' })).toThrow('handOver: expected copy or reference, found copies')
  })

  it('an error of the receiver is never the sender’s: it is thrown later, and other messages get through', () => {
    const net = network()
    const received: unknown[] = []
    const later: (() => void)[] = []
    const spy = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation((action) => void later.push(action))
    onTestFinished(() => spy.mockRestore())
    const { send } = join(net, 'p', ['p', 'q', 'r'])
    join(net, 'q', ['p', 'q', 'r'], () => {
      throw new Error('a bad handler')
    })
    join(net, 'r', ['p', 'q', 'r'], (_from, _path, message) => received.push(message))
    send('q', 'pl', 1)
    send('r', 'pl', 2)
    expect(received).toEqual([2])
    expect(later).toHaveLength(1)
    expect(later[0]).toThrow('a bad handler')
  })

  it('a name belongs to one process, also after its crash; a process with another membership cannot join, and learns the difference', () => {
    const net = network()
    join(net, 'p')
    expect(() => join(net, 'p')).toThrow(misuse('process p cannot join this network: a process of that name is there'))
    expect(() => join(net, 'q', ['q', 'r'])).toThrow('process q cannot join this network: q lists q, r; here p, q')
    expect(() => join(net, 'q', ['q', 'p'])).toThrow('ranks of p and q are swapped')
    const other = net.transport('q')
    expect(() => other.attach(() => {}, { self: 'p', processes: ['p', 'q'] })).toThrow('these are the links of q')
    net.detach('p')
    expect(() => join(net, 'p')).toThrow('a process of that name has crashed, and processes do not come back')
    join(net, 'q')
  })
})

it('where processes recover, one that was taken off comes back under its name', () => {
  const net = new LossyMemoryNetwork({ random: () => 0.5, recovers: true })
  const received: unknown[] = []
  const join = (self: string) => {
    const links = net.transport(self)
    links.attach((from, _path, message) => received.push([from, message]), { self, processes: ['p', 'q'] })
    return links
  }
  const { send } = join('p')
  join('q')
  expect(() => join('q')).toThrow('a process of that name is there')
  net.detach('q')
  send('q', 'fll', 'lost')
  join('q')
  send('q', 'fll', 'kept')
  expect(received).toEqual([['p', 'kept']])
})

it('values are checked before a process joins, too', () => {
  const transport = new MemoryNetwork().transport('p')
  expect(() => transport.check?.({ n: 1 })).not.toThrow()
  expect(() => transport.check?.('x'.repeat(2 ** 20))).toThrow(RangeError)
})
