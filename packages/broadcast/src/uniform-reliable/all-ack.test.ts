import { PerfectFailureDetector } from '@upon/contract'
import { expect, it } from 'vitest'
import { system } from '../../test/system'
import { AllAckUniformReliableBroadcast } from './all-ack'

const layer = AllAckUniformReliableBroadcast.over({ pfd: PerfectFailureDetector }).of<string>()

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

it('URB4 uniform agreement: no process delivers before all have relayed', () => {
  const { members, arrive } = system(layer)
  members[0].broadcast('hello')
  arrive(({ from, to }) => from !== 'r' && to !== 'r')
  expect(members.flatMap(({ delivered }) => delivered)).toEqual([])
  arrive()
  for (const { delivered } of members) expect(delivered).toEqual(['p: hello'])
})

it('URB4 uniform agreement: if the sender crashes half way, a process without a copy from it delivers when it detects the crash', () => {
  const { members, arrive } = system(layer)
  const [p, q, r] = members
  p.crashAfterSending(2)
  p.broadcast('hello')
  arrive()
  expect([q.delivered, r.delivered]).toEqual([['p: hello'], []])
  for (const each of [q, r]) each.detect('p')
  expect([q.delivered, r.delivered]).toEqual([['p: hello'], ['p: hello']])
})

it('URB4 uniform agreement: a process that delivers and crashes at once has delivered what all others deliver', () => {
  const { members, arrive, lose } = system(layer)
  const [p, q, r] = members
  p.broadcast('hello')
  arrive(({ to }) => to !== 'p')
  arrive(({ to }) => to === 'p')
  expect(p.delivered).toEqual(['p: hello'])
  p.crash()
  lose()
  for (const each of [q, r]) each.detect('p')
  for (const { delivered } of [q, r]) expect(delivered).toEqual(['p: hello'])
})

it('URB1 validity: after its detection nobody waits for the acknowledgement of a crashed process', () => {
  const { members, arrive } = system(layer)
  const [p, q, r] = members
  r.crash()
  p.broadcast('hello')
  arrive()
  expect([p.delivered, q.delivered]).toEqual([[], []])
  for (const each of [p, q]) each.detect('r')
  expect([p.delivered, q.delivered]).toEqual([['p: hello'], ['p: hello']])
})

it('URB1 validity: when a crash is detected, all messages that waited for that process are delivered, by rank of their senders', () => {
  const { members, arrive } = system(layer)
  const [p, q, r] = members
  r.crash()
  q.broadcast('b')
  p.broadcast('a1')
  p.broadcast('a2')
  arrive()
  p.detect('r')
  expect(p.delivered).toEqual(['p: a1', 'p: a2', 'q: b'])
})

it('an acknowledgement from a process detected earlier counts for no other process', () => {
  const { members, arrive } = system(layer, 4)
  const [p, q, r, s] = members as [...typeof members, (typeof members)[0]]
  s.broadcast('hello')
  s.crash()
  arrive(({ to }) => to === 'p')
  for (const each of [p, q, r]) each.detect('s')
  arrive(({ from, to }) => from !== 'r' && to !== 'r')
  expect(p.delivered).toEqual([]) // s, p and q have relayed; r has not
  arrive()
  for (const { delivered } of [p, q, r]) expect(delivered).toEqual(['s: hello'])
})

it('URB2 no duplication, and no second relay: late copies are dropped', () => {
  const { members, arrive, messages } = system(layer)
  const [p, q, r] = members
  p.broadcast('hello')
  arrive(({ from, to }) => from !== 'r' && to !== 'r')
  for (const each of [p, q]) each.detect('r')
  expect([p.delivered, q.delivered]).toEqual([['p: hello'], ['p: hello']])
  messages()
  arrive()
  expect(messages()).toBe(3) // r's own relay alone
  for (const { delivered } of [p, q, r]) expect(delivered).toEqual(['p: hello'])
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
  expect(q.process.snapshot().urb).toMatchObject({
    relayed: new Map([['p', { upTo: 1000, beyond: new Set() }]]),
    pending: new Map(['p', 'q', 'r'].map((s) => [s, new Map()])),
  })
})
