import { PerfectPointToPointLinks } from '@upon/contract'
import { Process } from '@upon/runtime'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MemoryNetwork } from './index'

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

it('a message that is answered upon its delivery does not nest, and all is delivered when the first send returns', () => {
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
  send('p', 'nobody', 'lost')
  expect(delivered).toEqual(['p>r kept'])
})
