import { Process } from '@upon/runtime'
import { MemoryNetwork } from '@upon/transport/memory'
import { expect, it } from 'vitest'
import { BasicBroadcast } from './basic-broadcast'

function system() {
  const network = new MemoryNetwork()
  const processes = ['p', 'q', 'r']
  return processes.map((self) => {
    const delivered: string[] = []
    const process = new Process({ self, processes, supply: [network.transport(self)] })
    const beb = process.run(BasicBroadcast.of<string>())
    process.upon(beb.deliver, (p, m) => delivered.push(`${p}: ${m}`))
    return { beb, delivered, process, crash: () => network.detach(self) }
  })
}

it('BEB1 validity, BEB2 no duplication, BEB3 no creation: all processes deliver a broadcast message once, with its sender, and the sender delivers it, too', () => {
  const all = system()
  all[0]?.beb.broadcast('one')
  all[1]?.beb.broadcast('two')
  for (const { delivered } of all) expect(delivered).toEqual(['p: one', 'q: two'])
})

it('BEB1 validity: the correct processes deliver, whichever others have crashed', () => {
  const all = system()
  all[0]?.crash()
  all[2]?.beb.broadcast('hello')
  expect(all.map(({ delivered }) => delivered)).toEqual([[], ['r: hello'], ['r: hello']])
})

it('best effort: if the sender crashes half way, some processes deliver and others do not', () => {
  const network = new MemoryNetwork()
  const processes = ['p', 'q', 'r']
  const delivered: string[] = []
  const [p] = processes.map((self) => {
    const process: Process<[ReturnType<MemoryNetwork['transport']>]> = new Process({
      self,
      processes,
      supply: [network.transport(self)],
      observe: ({ event, attributes: [to] }) => {
        if (event === 'send' && to === 'r') process.stop()
      },
    })
    const beb = process.run(BasicBroadcast.of<string>())
    process.upon(beb.deliver, () => delivered.push(self))
    return beb
  })
  p?.broadcast('hello')
  expect(delivered).toEqual(['q'])
})
