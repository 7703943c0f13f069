import { expect, it } from 'vitest'
import { system } from '../../test/system'
import { MajorityAckUniformReliableBroadcast } from './majority-ack'

const layer = MajorityAckUniformReliableBroadcast.of<string>()

it('URB1 validity, URB2 no duplication, URB3 no creation: all processes deliver a broadcast message once, with its sender, and the sender delivers it, too', () => {
  const { members, arrive } = system(layer)
  members[0].broadcast('one')
  members[1].broadcast('two')
  arrive()
  for (const { delivered } of members) expect(delivered.sort()).toEqual(['p: one', 'q: two'])
})

it('URB2 no duplication: their number identifies messages, not their content', () => {
  const { members, arrive } = system(layer)
  for (let i = 0; i < 2; i++) members[0].broadcast('again')
  arrive()
  for (const { delivered } of members) expect(delivered).toEqual(['p: again', 'p: again'])
})

it('URB4 uniform agreement: no process delivers before a majority has relayed; half of an even number is no majority', () => {
  for (const [n, others] of [
    [3, ['q']],
    [4, ['q', 'r']],
    [5, ['q', 'r']],
  ] as const) {
    const { members, arrive } = system(layer, n)
    const [p, ...rest] = members
    p.broadcast('hello')
    arrive(({ to }) => to !== 'p' && others.slice(0, -1).includes(to as never)) // one short of a majority
    arrive(({ from, to }) => to === 'p' && others.slice(0, -1).includes(from as never))
    expect(p.delivered, `${n} processes`).toEqual([])
    arrive(({ from, to }) => from === 'p' && to === others.at(-1))
    arrive(({ from, to }) => from === others.at(-1) && to === 'p')
    expect(p.delivered, `${n} processes`).toEqual(['p: hello'])
    arrive()
    for (const { delivered } of rest) expect(delivered).toEqual(['p: hello'])
  }
})

it('URB1 validity: less than half of the processes may crash, unnoticed', () => {
  const { members, arrive } = system(layer, 5)
  const [p, q, r, s, t] = members as [...typeof members, (typeof members)[0], (typeof members)[0]]
  for (const each of [s, t]) each.crash()
  p.broadcast('hello')
  arrive()
  for (const { delivered } of [p, q, r]) expect(delivered).toEqual(['p: hello'])
  r.crash()
  p.broadcast('blocks')
  arrive()
  expect([p.delivered, q.delivered]).toEqual([['p: hello'], ['p: hello']])
})

it('URB4 uniform agreement: a process that delivers and crashes at once has delivered what all others deliver', () => {
  const { members, arrive, lose } = system(layer, 5)
  const [p, q, r, s, t] = members as [...typeof members, (typeof members)[0], (typeof members)[0]]
  p.broadcast('hello')
  arrive(({ from, to }) => from === 'p' && (to === 'q' || to === 'r'))
  lose(({ from }) => from === 'p')
  arrive(({ to }) => to === 'p')
  expect(p.delivered).toEqual(['p: hello'])
  p.crash()
  arrive()
  for (const { delivered } of [q, r, s, t]) expect(delivered).toEqual(['p: hello'])
})

it('URB4 uniform agreement: if the sender crashes half way, all deliver or none', () => {
  for (const sent of [1, 2, 3, 4]) {
    const { members, arrive } = system(layer, 5)
    const [p, ...others] = members
    p.crashAfterSending(sent)
    p.broadcast('hello')
    arrive()
    for (const { delivered } of others) expect(delivered).toEqual(sent === 1 ? [] : ['p: hello'])
  }
})

it('URB2 no duplication, and no second relay: late copies are dropped', () => {
  const { members, arrive, messages } = system(layer)
  members[0].broadcast('hello')
  arrive(({ from, to }) => from !== 'r' && to !== 'r')
  expect(members.map(({ delivered }) => delivered.length)).toEqual([1, 1, 0])
  messages()
  arrive()
  expect(messages()).toBe(3) // r's own relay alone
  for (const { delivered } of members) expect(delivered).toEqual(['p: hello'])
})

it('costs what its header says: N² messages', () => {
  for (const n of [1, 3, 5]) {
    const { members, arrive, messages } = system(layer, n)
    members[0].broadcast('hello')
    arrive()
    expect(messages()).toBe(n * n)
  }
})

it('keeps one number per process, however many messages it has delivered', () => {
  const { members, arrive } = system(layer)
  const [p, q] = members
  for (let i = 0; i < 1000; i++) p.broadcast(`${i}`)
  arrive()
  expect(q.process.snapshot().urb).toEqual({
    broadcasts: 0,
    relayed: new Map([['p', { upTo: 1000, beyond: new Set() }]]),
    pending: new Map(['p', 'q', 'r'].map((s) => [s, new Map()])),
  })
})
