import { algorithm, PerfectFailureDetector, type ProcessId, shared } from '@upon/contract'
import { expect, it } from 'vitest'
import { system } from '../../test/system'
import { ExcludeOnTimeout } from './exclude-on-timeout'

it('PFD1 strong completeness: all correct processes detect a crash within two periods, once, and forever', () => {
  for (const periodsBefore of [0, 1, 5]) {
    const { members, period } = system(ExcludeOnTimeout)
    for (let i = 0; i < periodsBefore; i++) period()
    const [p, q, r] = members
    r.crash()
    for (let i = 0; i < 2; i++) period()
    expect([p.said, q.said], `crash after ${periodsBefore} periods`).toEqual([['crash r'], ['crash r']])
    for (let i = 0; i < 5; i++) period()
    expect([p.said, q.said]).toEqual([['crash r'], ['crash r']])
  }
})

it('PFD2 strong accuracy: a process that answers within the period is not detected, and none is detected in the first period, before any question', () => {
  const { members, period } = system(ExcludeOnTimeout)
  for (let i = 0; i < 10; i++) period()
  expect(members.flatMap(({ said }) => said)).toEqual([])
})

it('PFD2 strong accuracy rests on the bound alone: a process that answers later is detected forever', () => {
  const { members, arrive, period } = system(ExcludeOnTimeout)
  const [p, q, r] = members
  for (const { timeout } of members) timeout()
  arrive((from) => from !== 'r')
  p.timeout()
  expect(p.said).toEqual(['crash r'])
  arrive()
  for (let i = 0; i < 3; i++) period()
  expect([p.said, q.said, r.said]).toEqual([['crash r'], [], []])
})

it('a process that has detected another one continues to answer and to ask', () => {
  const { members, period } = system(ExcludeOnTimeout)
  const [p, q, r] = members
  r.crash()
  for (let i = 0; i < 5; i++) period()
  q.crash()
  for (let i = 0; i < 2; i++) period()
  expect([p.said, q.said]).toEqual([['crash r', 'crash q'], ['crash r']])
})

const User = algorithm(
  {
    name: 'user',
    implements: { user: PerfectFailureDetector },
    uses: { pfd: shared(ExcludeOnTimeout) },
    assumes: ExcludeOnTimeout.assumes,
  },
  ({ user, pfd, upon }) => {
    upon(pfd.crash, (p: ProcessId) => user.crash(p))
  },
)

it('PFD1 strong completeness: a user that joins learns which processes are detected already', () => {
  const { members, period } = system(User, 'user')
  const [p, , r] = members
  r.crash()
  for (let i = 0; i < 2; i++) period()
  p.process.run(User, 'user2')
  expect(p.said).toEqual(['crash r', 'crash r']) // once each
  period()
  expect(p.said).toHaveLength(2)
})

it('costs what its header says: 2N² messages per period, those to oneself included', () => {
  const { period, messages } = system(ExcludeOnTimeout)
  for (let i = 0; i < 3; i++) {
    period()
    expect(messages()).toBe(2 * 3 * 3)
  }
})
