import { FairLossPointToPointLinks } from '@upon/contract'
import { expect, it } from 'vitest'
import { counts, seeded, system } from '../../test/system'
import { LossyMemoryNetwork } from './index'

const Links = FairLossPointToPointLinks.of<string>()
const many = (count: number) => Array.from({ length: count }, (_, i) => `${i}`)

it('FLL1 fair loss: what is sent again and again arrives again and again, at the rate told', () => {
  const { send, delivered, network } = system(Links, { lostPercent: 90 })
  for (let i = 0; i < 10_000; i++) send('p', 'q', 'm')
  expect(delivered.length).toBeGreaterThan(800)
  expect(delivered.length).toBeLessThan(1_200)
  expect(network.counters.lost).toBe(10_000 - delivered.length)
})

it('FLL2 finite duplication: a message arrives twice at most for each time that it was sent', () => {
  const { send, delivered, network } = system(Links, { duplicatedPercent: 50 })
  for (const m of many(1_000)) send('p', 'q', m)
  const often = [...counts(delivered).values()]
  expect(often).toHaveLength(1_000)
  expect(Math.max(...often)).toBe(2)
  expect(network.counters.duplicated).toBe(delivered.length - 1_000)
})

it('FLL3 no creation: nothing arrives but what was sent, where it was sent, with its sender', () => {
  const { send, delivered } = system(Links, { lostPercent: 30, duplicatedPercent: 30, overtakenPercent: 30 })
  const sent = many(300).map((m, i) => {
    const [p, q] = ['pqr'[i % 3]!, 'pqr'[Math.floor(i / 3) % 3]!]
    send(p, q, m)
    return `${p}>${q} ${m}`
  })
  expect(delivered.filter((line) => !sent.includes(line))).toEqual([])
})

it('messages are overtaken by later ones, and held back for ever only at the end', () => {
  const { send, delivered } = system(Links, { overtakenPercent: 40 })
  for (const m of many(1_000)) send('p', 'q', m)
  const numbers = delivered.map((line) => Number(line.split(' ')[1]))
  expect(numbers.filter((n, i) => i > 0 && n < numbers[i - 1]!).length).toBeGreaterThan(200)
  expect(numbers.length).toBeGreaterThanOrEqual(999)
})

it('same random numbers and same sends, same run; others, another one', () => {
  const run = (seed: number) => {
    const { send, delivered } = system(Links, { seed, lostPercent: 30, duplicatedPercent: 30, overtakenPercent: 30 })
    for (const m of many(100)) send('p', 'q', m)
    return delivered
  }
  expect(run(7)).toEqual(run(7))
  expect(run(7)).not.toEqual(run(8))
})

it('what is sent to a process that was taken off is lost, and hurts nobody', () => {
  const { send, crash, delivered } = system(Links)
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
