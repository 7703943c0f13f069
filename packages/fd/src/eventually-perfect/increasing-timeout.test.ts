import { expect, it } from 'vitest'
import { system } from '../../test/system'
import { IncreasingTimeout } from './increasing-timeout'

it('EPFD1 strong completeness: all correct processes suspect a crashed one within two periods, forever', () => {
  const { members, period } = system(IncreasingTimeout)
  const [p, q, r] = members
  r.crash()
  for (let i = 0; i < 5; i++) period()
  expect([p.said, q.said]).toEqual([['suspect r'], ['suspect r']])
})

it('EPFD2 eventual strong accuracy: a wrong suspicion is withdrawn at the end of the period, and later periods are longer', () => {
  const { members, arrive, period } = system(IncreasingTimeout.with({ delayMs: 10 }))
  const [p] = members
  for (const { timeout } of members) timeout()
  arrive((from) => from === 'p')
  p.timeout()
  expect(p.said).toEqual(['suspect q', 'suspect r'])
  arrive()
  expect(p.said).toEqual(['suspect q', 'suspect r'])
  p.timeout()
  expect(p.said).toEqual(['suspect q', 'suspect r', 'restore q', 'restore r'])
  arrive()
  for (let i = 0; i < 3; i++) period()
  expect(p.said).toHaveLength(4)
  expect(p.delaysMs).toEqual([10, 10, 10, 20, 20, 20, 20]) // once, though two were suspected wrongly
})

it('a process that suspects another one continues to answer and to ask', () => {
  const { members, period } = system(IncreasingTimeout)
  const [p, q, r] = members
  r.crash()
  for (let i = 0; i < 5; i++) period()
  q.crash()
  for (let i = 0; i < 2; i++) period()
  expect([p.said, q.said]).toEqual([['suspect r', 'suspect q'], ['suspect r']])
})

it('costs what its header says: 2N² messages per period, those to oneself included', () => {
  const { period, messages } = system(IncreasingTimeout)
  for (let i = 0; i < 3; i++) {
    period()
    expect(messages()).toBe(2 * 3 * 3)
  }
})
