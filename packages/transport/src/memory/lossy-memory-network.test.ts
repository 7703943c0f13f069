import { FairLossPointToPointLinks, type ProcessId } from '@upon/contract'
import { Process } from '@upon/runtime'
import { expect, it } from 'vitest'
import { seeded } from '../../test/seeded'
import { LossyMemoryNetwork, type LossyMemoryNetworkOptions } from './index'

/** Processes p, q and r over a network that does as told. */
function system({ seed = 1, ...options }: Omit<LossyMemoryNetworkOptions, 'random'> & { seed?: number } = {}) {
  const network = new LossyMemoryNetwork({ random: seeded(seed), ...options })
  const processes = ['p', 'q', 'r']
  const delivered: string[] = []
  const links = new Map(
    processes.map((self) => {
      const process = new Process({ self, processes, supply: [network.transport(self)] })
      const fll = process.run(FairLossPointToPointLinks.of<string>())
      process.upon(fll.deliver, (p, m) => void delivered.push(`${p}>${self} ${m}`))
      return [self, fll]
    }),
  )
  const send = (p: ProcessId, q: ProcessId, m: string) => links.get(p)?.send(q, m)
  return { network, delivered, send, crash: (p: ProcessId) => network.detach(p) }
}

const many = (count: number) => Array.from({ length: count }, (_, i) => `${i}`)

it('FLL1 fair loss: what is sent again and again arrives again and again, at the rate told', () => {
  const { send, delivered, network } = system({ lostPercent: 90 })
  for (let i = 0; i < 10_000; i++) send('p', 'q', 'm')
  expect(delivered.length).toBeGreaterThan(800)
  expect(delivered.length).toBeLessThan(1_200)
  expect(network.counters.lost).toBe(10_000 - delivered.length)
})

it('FLL2 finite duplication: a message arrives twice at most for each time that it was sent', () => {
  const { send, delivered, network } = system({ duplicatedPercent: 50 })
  for (const m of many(1_000)) send('p', 'q', m)
  const often = new Map<string, number>()
  for (const line of delivered) often.set(line, (often.get(line) ?? 0) + 1)
  expect(often.size).toBe(1_000)
  expect(Math.max(...often.values())).toBe(2)
  expect(network.counters.duplicated).toBe(delivered.length - 1_000)
})

it('FLL3 no creation: nothing arrives but what was sent, where it was sent, with its sender', () => {
  const { send, delivered } = system({ lostPercent: 30, duplicatedPercent: 30, overtakenPercent: 30 })
  const sent = many(300).map((m, i) => {
    const [p, q] = ['pqr'[i % 3]!, 'pqr'[Math.floor(i / 3) % 3]!]
    send(p, q, m)
    return `${p}>${q} ${m}`
  })
  expect(delivered.filter((line) => !sent.includes(line))).toEqual([])
})

it('messages are overtaken by later ones, and held back forever only at the end', () => {
  const { send, delivered } = system({ overtakenPercent: 40 })
  for (const m of many(1_000)) send('p', 'q', m)
  const numbers = delivered.map((line) => Number(line.split(' ')[1]))
  expect(numbers.filter((n, i) => i > 0 && n < numbers[i - 1]!).length).toBeGreaterThan(200)
  expect(numbers.length).toBeGreaterThanOrEqual(999)
})

it('same random numbers and same sends, same run; others, another one', () => {
  const run = (seed: number) => {
    const { send, delivered } = system({ seed, lostPercent: 30, duplicatedPercent: 30, overtakenPercent: 30 })
    for (const m of many(100)) send('p', 'q', m)
    return delivered
  }
  expect(run(7)).toEqual(run(7))
  expect(run(7)).not.toEqual(run(8))
})

it('what is sent to a process that was taken off is lost, and hurts nobody', () => {
  const { send, crash, delivered } = system()
  crash('q')
  send('p', 'q', 'lost')
  send('p', 'r', 'kept')
  expect(delivered).toEqual(['p>r kept'])
})

it.each([{ lostPercent: 100 }, { lostPercent: -1 }, { lostPercent: Number.NaN }, { duplicatedPercent: 101 }, { overtakenPercent: -5 }])(
  '%o is refused: lostPercent is below 100, or links would not be fair',
  (percents) => {
    expect(() => new LossyMemoryNetwork({ random: seeded(1), ...percents })).toThrow(RangeError)
  },
)

it('without options nothing is disturbed', () => {
  const network = new LossyMemoryNetwork()
  for (let i = 0; i < 10; i++) network.transport('p').send('q', 'pl', 'm')
  expect(network.counters).toEqual({ lost: 0, duplicated: 0, overtaken: 0 })
})
