import { EliminateDuplicates, RetransmitForever, RetransmitUntilAcknowledged } from '@upon/links'
import { Process, systemTimer } from '@upon/runtime'
import { expect, it, onTestFinished } from 'vitest'
import { until } from '../tcp/support'
import { transports as transportsOf } from './support'

const Links = EliminateDuplicates.of<string>()

it.each([
  ['retransmit-until-acknowledged', Links.over({ alo: RetransmitUntilAcknowledged.with({ delayMs: 5 }) }), 300],
  ['retransmit-forever', Links.over({ alo: RetransmitForever.with({ delayMs: 10 }) }), 50],
] as const)(
  'PL1 reliable delivery, PL2 no duplication: over %s, on a machine that loses datagrams for want of room',
  async (_, layer, COUNT) => {
    const { p, q, transports } = await transportsOf({ limits: { receiveBufferBytes: 4_096 } })
    const start = (self: 'p' | 'q') => {
      const process = new Process({ self, processes: ['p', 'q'], supply: [transports[self], systemTimer] })
      onTestFinished(() => process.stop())
      return { process, pl: process.run(layer) }
    }
    const [sender, receiver] = [start('p'), start('q')]
    const delivered: string[] = []
    receiver.process.upon(receiver.pl.deliver, (from, m) => void delivered.push(`${from} ${m.slice(0, -1_000)}`))
    for (let i = 0; i < COUNT; i++) sender.pl.send('q', `${i}${'x'.repeat(1_000)}`)
    await until('all is delivered', () => delivered.length >= COUNT)
    expect(p.endpoint.counters.datagrams.out).toBeGreaterThan(q.endpoint.counters.datagrams.in + COUNT / 10)
    expect([...delivered].sort()).toEqual(Array.from({ length: COUNT }, (_, i) => `p ${i}`).sort())
  },
)
