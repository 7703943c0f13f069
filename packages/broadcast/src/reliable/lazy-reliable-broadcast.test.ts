import { PerfectFailureDetector } from '@upon/contract'
import { expect, it } from 'vitest'
import { system } from '../../test/system'
import { LazyReliableBroadcast } from './lazy-reliable-broadcast'

const layer = LazyReliableBroadcast.over({ pfd: PerfectFailureDetector }).of<string>()

it('RB1 validity, RB2 no duplication, RB3 no creation: all processes deliver a broadcast message once, with its sender, and the sender delivers it, too', () => {
  const { members, arrive } = system(layer)
  members[0].broadcast('one')
  members[1].broadcast('two')
  arrive()
  for (const { delivered } of members) expect(delivered.sort()).toEqual(['p: one', 'q: two'])
})

it('RB2 no duplication: their number identifies messages, not their content', () => {
  const { members, arrive } = system(layer)
  for (let i = 0; i < 2; i++) members[0].broadcast('again')
  arrive()
  for (const { delivered } of members) expect(delivered).toEqual(['p: again', 'p: again'])
})

it('RB4 agreement: if the sender crashes half way, the processes that have delivered relay when they detect the crash', () => {
  const { members, arrive } = system(layer)
  const [p, q, r] = members
  p.crashAfterSending(2)
  p.broadcast('hello')
  arrive()
  expect([q.delivered, r.delivered]).toEqual([['p: hello'], []])
  q.detect('p')
  arrive()
  expect([q.delivered, r.delivered]).toEqual([['p: hello'], ['p: hello']])
})

it('RB4 agreement: a message from a process that was detected earlier is relayed at once', () => {
  const { members, arrive, lose } = system(layer)
  const [p, q, r] = members
  p.broadcast('hello')
  p.crash()
  q.detect('p')
  lose(({ to }) => to === 'r')
  arrive()
  expect([q.delivered, r.delivered]).toEqual([['p: hello'], ['p: hello']])
})

it('RB4 agreement: a relaying process may crash half way, too; the next one still relays the message of the first sender', () => {
  const { members, arrive } = system(layer, 4)
  const [p, q, r, s] = members as [...typeof members, (typeof members)[0]]
  p.crashAfterSending(2)
  p.broadcast('hello')
  arrive()
  q.crashAfterSending(3)
  q.detect('p')
  arrive()
  expect([r.delivered, s.delivered]).toEqual([['p: hello'], []])
  r.detect('q') // it is not q's message
  arrive()
  expect(s.delivered).toEqual([])
  r.detect('p')
  arrive()
  expect(s.delivered).toEqual(['p: hello'])
})

it('RB4 agreement covers correct processes only: nobody else need deliver what only crashing processes delivered', () => {
  const { members, arrive, lose } = system(layer)
  const [p, q, r] = members
  p.broadcast('hello')
  p.crash()
  lose()
  expect(p.delivered).toEqual(['p: hello'])
  for (const each of [q, r]) each.detect('p')
  arrive()
  expect([q.delivered, r.delivered]).toEqual([[], []])
})

it('RB2 no duplication: relays of delivered messages are dropped, before a detection and after it', () => {
  const { members, arrive } = system(layer)
  const [p, q, r] = members
  for (const m of ['one', 'two', 'three']) p.broadcast(m)
  arrive()
  for (const each of [q, r]) {
    each.detect('p')
    arrive()
  }
  for (const { delivered } of [q, r]) expect(delivered).toEqual(['p: one', 'p: two', 'p: three'])
})

it('a false suspicion costs messages and breaks nothing', () => {
  const { members, arrive, messages } = system(layer)
  const [p, q, r] = members
  q.detect('p')
  p.broadcast('hello')
  arrive()
  expect(messages()).toBe(6)
  for (const { delivered } of [p, q, r]) expect(delivered).toEqual(['p: hello'])
})

it('costs what its header says: N messages; N more for each process that relays after the sender has crashed', () => {
  const { members, arrive, messages } = system(layer, 5)
  const [p, ...others] = members
  p.broadcast('hello')
  arrive()
  expect(messages()).toBe(5)
  p.crash()
  for (const each of others) each.detect('p')
  arrive()
  expect(messages()).toBe(4 * 5)
})

it('keeps only the delivered numbers of a crashed process', () => {
  const { members, arrive } = system(layer)
  const [p, q] = members
  for (let i = 0; i < 1000; i++) p.broadcast(`${i}`)
  arrive()
  p.crash()
  q.detect('p')
  expect(q.process.snapshot().rb).toEqual({
    broadcasts: 0,
    correct: new Set(['q', 'r']),
    from: new Map([
      ['q', []],
      ['r', []],
    ]),
    delivered: new Map([['p', { upTo: 1000, beyond: new Set() }]]),
  })
})
