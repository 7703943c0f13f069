import { expect, it } from 'vitest'
import { counts, system } from '../../test/system'
import { RetransmitForever } from './retransmit-forever'

it('SL1 stubborn delivery: a message that was sent once is delivered in every period, forever', () => {
  const { send, timers, delivered } = system(RetransmitForever.of<string>())
  send('p', 'q', 'once')
  for (let periods = 1; periods <= 1_000; periods++) {
    timers.period()
    expect(delivered).toHaveLength(1 + periods)
  }
  expect(new Set(delivered)).toEqual(new Set(['p>q once']))
})

it('SL1 stubborn delivery: each of 30 messages to all arrives again and again, although 4 in 5 are lost', () => {
  const { send, timers, delivered } = system(RetransmitForever.of<string>(), {
    lostPercent: 80,
    duplicatedPercent: 20,
    overtakenPercent: 50,
  })
  for (let i = 0; i < 30; i++) send('pqr'[i % 3]!, 'pqr'[Math.floor(i / 3) % 3]!, `${i}`)
  for (let periods = 0; periods < 300; periods++) timers.period()
  const often = counts(delivered)
  expect(often.size).toBe(30)
  expect(Math.min(...often.values())).toBeGreaterThan(20)
})

it('SL1 stubborn delivery: a link that was cut for long delivers when it is restored', () => {
  const { send, timers, delivered, cut } = system(RetransmitForever.of<string>())
  cut.add('pq')
  send('p', 'q', 'late')
  for (let periods = 0; periods < 100; periods++) timers.period()
  expect(delivered).toEqual([])
  cut.clear()
  timers.period()
  expect(delivered).toEqual(['p>q late'])
})

it('SL1 stubborn delivery: a network that takes three messages per period and loses the rest eventually delivers all', () => {
  const { send, timers, delivered, cut, sent } = system(RetransmitForever.of<string>())
  cut.add('pq')
  for (let i = 0; i < 50; i++) send('p', 'q', `${i}`)
  const inPeriod = () => {
    sent.length = 0
    timers.period()
    return sent.slice(0, 3).map(({ message }) => message)
  }
  const taken = Array.from({ length: 100 }, inPeriod).flat()
  expect(new Set(taken).size).toBe(50)
  expect(delivered).toEqual([])
})

it('SL2 no creation: only messages that were sent are delivered, to their receiver, with their sender', () => {
  const { send, timers, delivered } = system(RetransmitForever.of<string>(), { duplicatedPercent: 50, overtakenPercent: 50 })
  send('p', 'q', 'a')
  send('q', 'p', 'b')
  send('r', 'r', 'c')
  for (let periods = 0; periods < 20; periods++) timers.period()
  expect([...counts(delivered).keys()].sort()).toEqual(['p>q a', 'q>p b', 'r>r c'])
})

it('costs one message per period for each message ever sent; and waits for its delay', () => {
  const { send, timers, sent } = system(RetransmitForever.with({ delayMs: 7 }).of<string>())
  for (let i = 0; i < 10; i++) send('p', 'q', `${i}`)
  expect(sent).toHaveLength(10)
  for (let periods = 0; periods < 3; periods++) timers.period()
  expect(sent).toHaveLength(40)
  expect(new Set(timers.delaysMs)).toEqual(new Set([7]))
})
