import { algorithm, FIFOPerfectPointToPointLinks, type Payload, PerfectPointToPointLinks } from '@upon/contract'
import { Process } from '@upon/runtime'
import { MemoryNetwork } from '@upon/transport/memory'
import { expect, it } from 'vitest'
import { SequenceNumber } from './sequence-number'

/** Perfect links that hold messages back, and deliver them in the order of their first words. */
const Disordered = algorithm(
  {
    name: 'disordered',
    implements: { pl: PerfectPointToPointLinks },
    uses: { below: PerfectPointToPointLinks.of<Payload>() },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
    state: () => ({ held: [] as { p: string; m: Payload }[] }),
  },
  ({ pl, below, state, upon }) => {
    upon(pl.send, (q, m) => below.send(q, m))
    upon(below.deliver, (p, m) => {
      state.held.unshift({ p, m })
      if (state.held.length === 4) for (const { p, m } of state.held.splice(0)) pl.deliver(p, m)
    })
  },
)

it('FPL4 FIFO delivery: what overtakes waits for its turn, on each link by itself', () => {
  const network = new MemoryNetwork()
  const delivered: string[] = []
  const processes = ['p', 'q', 'r']
  const [p, , r] = processes.map((self) => {
    const process = new Process({ self, processes, supply: [network.transport(self)] })
    const links = process.run(SequenceNumber.over({ pl: Disordered }).of<string>())
    process.upon(links.deliver, (from, m) => delivered.push(`${from}>${self} ${m}`))
    return links
  })
  p?.send('q', 'one')
  p?.send('q', 'two')
  r?.send('q', 'a')
  expect(delivered).toEqual([])
  p?.send('q', 'three') // the fourth: all four come, the last one first
  expect(delivered).toEqual(['r>q a', 'p>q one', 'p>q two', 'p>q three'])
})

it('serves where perfect links are asked for', () => {
  const Over = algorithm(
    {
      name: 'over',
      implements: { fpl: FIFOPerfectPointToPointLinks },
      uses: { pl: PerfectPointToPointLinks.of<Payload>() },
      assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
    },
    () => {},
  )
  expect(Over.over({ pl: SequenceNumber }).uses.pl?.layer).toBe(SequenceNumber)
})
