import { PerfectFailureDetector } from '@upon/contract'
import { expect, it } from 'vitest'
import { system } from '../../test/system'
import { LazyReliableBroadcast } from './lazy-reliable-broadcast'

const layer = LazyReliableBroadcast.over({ pfd: PerfectFailureDetector }).of<string>()

it('RB1 validity, RB2 no duplication, RB3 no creation: all deliver what is broadcast, its sender too, once, with its sender', () => {
  const { members, arrive } = system(layer)
  members[0].broadcast('one')
  members[1].broadcast('two')
  arrive()
  for (const { delivered } of members) expect(delivered.sort()).toEqual(['p: one', 'q: two'])
})

it('RB2 no duplication: messages are told apart by their number, not by their content', () => {
  const { members, arrive } = system(layer)
  for (let i = 0; i < 2; i++) members[0].broadcast('again')
  arrive()
  for (const { delivered } of members) expect(delivered).toEqual(['p: again', 'p: again'])
})

it('RB4 agreement: of a sender that crashes in the middle, who has delivered relays upon its detection', () => {
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

it('RB4 agreement: what comes from a process that was detected before is relayed at once', () => {
  const { members, arrive, lose } = system(layer)
  const [p, q, r] = members
  p.broadcast('hello')
  p.crash()
  q.detect('p')
  lose(({ to }) => to === 'r')
  arrive()
  expect([q.delivered, r.delivered]).toEqual([['p: hello'], ['p: hello']])
})

it('RB4 agreement: who relays may crash in the middle as well; the next one relays what is still of the first sender', () => {
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

it('RB4 agreement is of the correct ones: what only processes deliver that crash then, nobody else need deliver', () => {
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

it('RB2 no duplication: relays of what was delivered are dropped, before a detection and after', () => {
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

it('a false suspicion costs messages, and breaks nothing', () => {
  const { members, arrive, messages } = system(layer)
  const [p, q, r] = members
  q.detect('p')
  p.broadcast('hello')
  arrive()
  expect(messages()).toBe(6)
  for (const { delivered } of [p, q, r]) expect(delivered).toEqual(['p: hello'])
})

it('costs what its header says: N messages; N more for each that relays when the sender has crashed', () => {
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

it('keeps of a process that crashed the numbers delivered alone', () => {
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
