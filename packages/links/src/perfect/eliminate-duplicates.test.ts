import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { counts, system } from '../../test/system'
import { RetransmitUntilAcknowledged } from '../at-least-once/retransmit-until-acknowledged'
import { RetransmitForever } from '../stubborn/retransmit-forever'
import { EliminateDuplicates } from './eliminate-duplicates'

const Links = EliminateDuplicates.of<string>()

const stacks = [
  ['retransmit-until-acknowledged', Links.over({ alo: RetransmitUntilAcknowledged.with({ window: 16 }) })],
  ['retransmit-forever', Links.over({ alo: RetransmitForever })],
] as const

interface Delivered {
  readonly delivered: ReadonlyMap<string, { highest: number; gaps: readonly object[] }>
}

describe.each(stacks)('over %s', (_, layer) => {
  it.each([1, 2, 3])(
    'PL1 reliable delivery, PL2 no duplication: all arrives, once, though half is lost, repeated and overtaken (seed %i)',
    (seed) => {
      const links = system(layer, { seed, lostPercent: 50, duplicatedPercent: 50, overtakenPercent: 50 })
      const expected = Array.from({ length: 270 }, (_, i) => {
        const [p, q] = ['pqr'[i % 3]!, 'pqr'[Math.floor(i / 3) % 3]!]
        links.send(p, q, `${i}`)
        return `${p}>${q} ${i}`
      })
      while (links.delivered.length < expected.length) links.timers.period()
      for (let period = 0; period < 20; period++) links.timers.period()
      expect([...links.delivered].sort()).toEqual(expected.sort())
    },
  )

  it('PL2 no duplication: sender and number identify messages, not their content', () => {
    const { send, timers, delivered } = system(layer, { duplicatedPercent: 50, overtakenPercent: 30 })
    for (let i = 0; i < 5; i++) {
      send('p', 'r', 'the same')
      send('q', 'r', 'the same')
    }
    for (let period = 0; period < 30; period++) timers.period()
    expect(counts(delivered)).toEqual(
      new Map([
        ['p>r the same', 5],
        ['q>r the same', 5],
      ]),
    )
  })

  it('PL3 no creation: only messages that were sent are delivered, to their receiver, with their sender', () => {
    const { send, timers, delivered } = system(layer, { duplicatedPercent: 50, overtakenPercent: 50 })
    send('p', 'q', 'a')
    send('q', 'p', 'b')
    send('r', 'r', 'c')
    for (let period = 0; period < 30; period++) timers.period()
    expect([...delivered].sort()).toEqual(['p>q a', 'q>p b', 'r>r c'])
  })
})

it('PL2 no duplication: whatever the order and the repetitions, each number is delivered once, when it comes first', () => {
  const arrivals = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 200 })
  fc.assert(
    fc.property(arrivals, (numbers) => {
      const { inject, delivered, stateOf } = system(Links)
      for (const n of numbers) inject('p', 'q', 'pl.alo.fll', { kind: 'DATA', n: 1, m: { n, m: `${n}` } })
      expect(delivered).toEqual([...new Set(numbers)].map((n) => `p>q ${n}`))
      const { highest, gaps } = (stateOf('q', 'pl') as Delivered).delivered.get('p')!
      const missing = Array.from({ length: highest }, (_, i) => i + 1).filter((n) => !numbers.includes(n))
      expect(gaps).toEqual(asGaps(missing))
    }),
  )
})

/** Numbers in order, as stretches that are apart from each other. */
function asGaps(numbers: readonly number[]): object[] {
  const gaps: { from: number; to: number }[] = []
  for (const n of numbers) {
    const last = gaps.at(-1)
    if (last?.to === n - 1) last.to = n
    else gaps.push({ from: n, to: n })
  }
  return gaps
}

describe('a process that comes back under its name, ', () => {
  const send = (first: number) => {
    const links = system(Links.with({ first }))
    links.send('p', 'q', 'after')
    return (links.sent[0]!.message as { m: unknown }).m
  }
  const before = (count: number) => {
    const links = system(Links)
    for (let i = 1; i <= count; i++) links.send('p', 'q', 'before')
    links.delivered.length = 0
    return links
  }

  it.each([
    [1_000, 'is heard, where its numbers go on above', ['p>q after']],
    [1, 'is not, where they begin again: a process must not come back so', []],
  ])('(first number %i) %s', (first, _, expected) => {
    const { inject, delivered } = before(10)
    inject('p', 'q', 'pl.alo.fll', { kind: 'DATA', n: 1, m: send(first) })
    expect(delivered).toEqual(expected)
  })

  it('leaves one gap', () => {
    const { inject, stateOf } = before(10)
    inject('p', 'q', 'pl.alo.fll', { kind: 'DATA', n: 1, m: send(1_000) })
    expect((stateOf('q', 'pl') as Delivered).delivered.get('p')).toEqual({ highest: 1_000, gaps: [{ from: 11, to: 999 }] })
  })
})

it('nonsense for a number hurts nobody: the process goes on', () => {
  const { inject, send, delivered } = system(Links)
  for (const n of [undefined, null, 'x', -1, 0, 0.5, 1e308, {}])
    inject('p', 'q', 'pl.alo.fll', { kind: 'DATA', n, m: { n, m: 'nonsense' } })
  send('r', 'q', 'sense')
  expect(delivered.at(-1)).toBe('r>q sense')
})
