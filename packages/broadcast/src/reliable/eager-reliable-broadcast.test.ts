import { expect, it } from 'vitest'
import { system } from '../../test/system'
import { EagerReliableBroadcast } from './eager-reliable-broadcast'

const layer = EagerReliableBroadcast.of<string>()

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

it('RB2 no duplication: in any order of messages and relays', () => {
  const { members, arrive } = system(layer)
  const [p, q, r] = members
  p.broadcast('one')
  arrive(({ to }) => to === 'q')
  p.broadcast('two')
  arrive(({ from }) => from === 'q')
  arrive()
  expect(q.delivered).toEqual(['p: one', 'p: two'])
  expect(r.delivered).toEqual(['p: one', 'p: two'])
})

it('RB4 agreement: if the sender crashes half way, all deliver what one has delivered, without a detector', () => {
  const { members, arrive } = system(layer, 5)
  const [p, q, ...others] = members
  p.crashAfterSending(2)
  p.broadcast('hello')
  arrive()
  for (const { delivered } of [q, ...others]) expect(delivered).toEqual(['p: hello'])
})

it('RB4 agreement: a chain of processes that crash while they relay', () => {
  const { members, arrive } = system(layer, 5)
  for (const [i, each] of members.slice(0, -2).entries()) each.crashAfterSending(i + 2)
  members[0].broadcast('hello')
  arrive()
  for (const { delivered } of members.slice(-2)) expect(delivered).toEqual(['p: hello'])
})

it('RB4 agreement covers correct processes only: one that delivers and crashes before it has relayed may be the only one', () => {
  const { members, arrive } = system(layer)
  const [p, q, r] = members
  p.crashAfterSending(2)
  q.crashAfterSending(0)
  p.broadcast('hello')
  arrive()
  expect([q.delivered, r.delivered]).toEqual([['p: hello'], []])
})

it('costs what its header says: N + N² messages', () => {
  for (const n of [1, 3, 5]) {
    const { members, arrive, messages } = system(layer, n)
    members[0].broadcast('hello')
    arrive()
    expect(messages()).toBe(n + n * n)
  }
})

it('keeps one number per process, however many messages it has delivered', () => {
  const { members, arrive } = system(layer)
  const [p, q] = members
  for (let i = 0; i < 1000; i++) p.broadcast(`${i}`)
  arrive()
  expect(q.process.snapshot().rb).toEqual({ broadcasts: 0, delivered: new Map([['p', { upTo: 1000, beyond: new Set() }]]) })
})
