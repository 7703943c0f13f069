import { expect, it } from 'vitest'
import { system } from '../../test/system'
import { BroadcastWithSequenceNumber } from './broadcast-with-sequence-number'

const layer = BroadcastWithSequenceNumber.of<string>()

it('FRB5 FIFO delivery: a message that overtakes earlier ones of its sender waits for all of them', () => {
  const { members, arrive } = system(layer)
  const [p, q] = members
  for (const m of ['one', 'two', 'three']) p.broadcast(m)
  const sent = (sn: number) => (m: object) => JSON.stringify(m).includes(`"sn":${sn}`)
  for (const sn of [3, 2]) {
    arrive((m) => m.to === 'q' && sent(sn)(m))
    expect(q.delivered).toEqual([])
  }
  arrive((m) => m.to === 'q' && sent(1)(m))
  expect(q.delivered).toEqual(['p: one', 'p: two', 'p: three'])
})

it('FRB5 FIFO delivery: senders do not wait for each other', () => {
  const { members, arrive } = system(layer)
  const [p, q, r] = members
  p.broadcast('one')
  q.broadcast('two')
  arrive(({ from, to }) => from === 'q' && to === 'r')
  expect(r.delivered).toEqual(['q: two'])
  arrive()
  expect(r.delivered).toEqual(['q: two', 'p: one'])
})

it('FRB2 no duplication: equal messages are different ones', () => {
  const { members, arrive } = system(layer)
  for (let i = 0; i < 2; i++) members[0].broadcast('again')
  arrive()
  for (const { delivered } of members) expect(delivered).toEqual(['p: again', 'p: again'])
})

it('FRB4 agreement: of a sender that crashes in the middle of its second message, all deliver the first, and the second if anybody has it', () => {
  for (const [sent, expected] of [
    [1 + 5, ['p: one']],
    [2 + 6, ['p: one', 'p: two']],
  ] as const) {
    const { members, arrive } = system(layer)
    const [p, ...others] = members
    p.crashAfterSending(sent)
    p.broadcast('one')
    p.broadcast('two')
    arrive()
    for (const { delivered } of others) expect(delivered).toEqual(expected)
  }
})

it('keeps a number for each process, however many messages it has delivered', () => {
  const { members, arrive } = system(layer)
  const [p, q] = members
  for (let i = 0; i < 1000; i++) p.broadcast(`${i}`)
  arrive()
  expect(q.process.snapshot().frb).toEqual({
    lsn: 0,
    incoming: new Map([
      ['p', { next: 1001, pending: new Map() }],
      ['q', { next: 1, pending: new Map() }],
      ['r', { next: 1, pending: new Map() }],
    ]),
  })
})
