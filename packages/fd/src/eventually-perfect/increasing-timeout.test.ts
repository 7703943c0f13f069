import { expect, it } from 'vitest'
import { system } from '../../test/system'
import { IncreasingTimeout } from './increasing-timeout'

it('EPFD1 strong completeness: who crashes is suspected by all correct ones within two periods, and stays so', () => {
  const { members, period } = system(IncreasingTimeout)
  const [p, q, r] = members
  r.crash()
  for (let i = 0; i < 5; i++) period()
  expect([p.said, q.said]).toEqual([['suspect r'], ['suspect r']])
})

it('EPFD2 eventual strong accuracy: a suspicion that was wrong is taken back at the end of the period, which is longer from then on', () => {
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

it('who suspects somebody goes on answering, and asking', () => {
  const { members, period } = system(IncreasingTimeout)
  const [p, q, r] = members
  r.crash()
  for (let i = 0; i < 5; i++) period()
  q.crash()
  for (let i = 0; i < 2; i++) period()
  expect([p.said, q.said]).toEqual([['suspect r', 'suspect q'], ['suspect r']])
})

it('costs what its header says: 2N² messages a period, those to oneself too', () => {
  const { period, messages } = system(IncreasingTimeout)
  for (let i = 0; i < 3; i++) {
    period()
    expect(messages()).toBe(2 * 3 * 3)
  }
})
