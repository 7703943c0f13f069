import { traceOf } from '@upon/trace'
import { expect, it } from 'vitest'
import { check } from '../check'
import { atMost } from './probabilistic'

it('the probability of at most so many successes is that of the binomial distribution', () => {
  expect(atMost(0, 3, 0.5)).toBeCloseTo(1 / 8, 12)
  expect(atMost(1, 3, 0.5)).toBeCloseTo(4 / 8, 12)
  expect(atMost(2, 4, 0.9)).toBeCloseTo(0.0523, 10)
  expect(atMost(3, 3, 0.2)).toBeCloseTo(1, 12)
})

it('few messages refute no probability, many do', () => {
  expect(atMost(0, 29, 0.5)).toBeGreaterThan(1e-9)
  expect(atMost(0, 30, 0.5)).toBeLessThan(1e-9)
})

/** The verdict on 30 messages of a process, of which so many reach all three. */
function pb1(reaching: number, end: 'quiescent' | 'cut' = 'quiescent', messages = 30) {
  const lines = Array.from({ length: messages }, (_, i) =>
    [`p1 > broadcast ${i}`, ...(i < reaching ? ['p1', 'p2', 'p3'] : ['p1']).map((p) => `${p} < deliver "p1" ${i}`)].join('\n'),
  )
  const trace = traceOf('pb: ProbabilisticBroadcast', lines.join('\n'), end)
  return check(trace, { name: 'ProbabilisticBroadcast' }, { path: 'pb' }).find(({ property }) => property === 'PB1')
}

it('PB1 is violated where so few messages reach all that this would be all but impossible, and says how many did', () => {
  expect(pb1(15)?.holds).toBe(true)
  expect(pb1(1)).toMatchObject({ holds: true })
  const verdict = pb1(0)
  expect(verdict).toMatchObject({ holds: false, why: expect.stringContaining('of 30 messages of correct processes 0 reached all') })
  expect(verdict?.events).toHaveLength(1)
})

it('PB1 is unknown of few messages, and of a run that was cut off', () => {
  expect(pb1(0, 'quiescent', 29)?.holds).toBe('unknown')
  expect(pb1(0, 'cut')?.holds).toBe('unknown')
})
