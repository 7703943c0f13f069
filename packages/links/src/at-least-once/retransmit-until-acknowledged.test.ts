import { describe, expect, it } from 'vitest'
import { counts, system } from '../../test/system'
import { RetransmitUntilAcknowledged } from './retransmit-until-acknowledged'

const Links = RetransmitUntilAcknowledged.of<string>()

describe('ALO1 reliable delivery: ', () => {
  it.each([1, 2, 3, 4, 5])('all arrives, though half of all is lost, repeated and overtaken (seed %i)', (seed) => {
    const links = system(Links.with({ window: 8 }), { seed, lostPercent: 50, duplicatedPercent: 30, overtakenPercent: 30 })
    for (let i = 0; i < 300; i++) links.send('pqr'[i % 3]!, 'pqr'[Math.floor(i / 3) % 3]!, `${i}`)
    for (let periods = 0; links.timers.running > 0; periods++) {
      expect(periods).toBeLessThan(100_000)
      links.timers.period()
    }
    expect(counts(links.delivered).size).toBe(300)
  })

  it('a link that was cut for long delivers everything within its longest interval after it is restored', () => {
    const { send, timers, delivered, cut } = system(Links.with({ delayMs: 10, maxDelayMs: 80, window: 4 }))
    cut.add('pq')
    for (let i = 0; i < 10; i++) send('p', 'q', `${i}`)
    for (let periods = 0; periods < 1_000; periods++) timers.period()
    expect(delivered).toEqual([])
    cut.clear()
    for (let periods = 0; periods < 9; periods++) timers.period()
    expect([...counts(delivered).keys()].sort()).toEqual(Array.from({ length: 10 }, (_, i) => `p>q ${i}`))
  })

  it('a message whose acknowledgements are all lost is sent again for as long as it takes', () => {
    const { send, timers, delivered, cut } = system(Links.with({ delayMs: 50 }))
    cut.add('qp')
    send('p', 'q', 'm')
    for (let periods = 0; periods < 10_000; periods++) timers.period()
    expect(delivered.length).toBeGreaterThan(100)
    cut.clear()
    while (timers.running > 0) timers.period()
  })
})

it('ALO2 no creation: only messages that were sent are delivered, to their receiver, with their sender', () => {
  const { send, timers, delivered } = system(Links, { lostPercent: 30, duplicatedPercent: 50, overtakenPercent: 50 })
  send('p', 'q', 'a')
  send('q', 'p', 'b')
  send('r', 'r', 'c')
  while (timers.running > 0) timers.period()
  expect([...counts(delivered).keys()].sort()).toEqual(['p>q a', 'q>p b', 'r>r c'])
})

it('ends: once all is acknowledged nothing is sent, nothing is kept, and no timer runs', () => {
  const { send, timers, sent, stateOf } = system(Links, { lostPercent: 30 })
  for (let i = 0; i < 50; i++) send('p', 'q', `${i}`)
  while (timers.running > 0) timers.period()
  const before = sent.length
  timers.period()
  expect(sent).toHaveLength(before)
  expect(stateOf('p', 'alo')).toMatchObject({ ticking: false })
  expect(JSON.stringify([...(stateOf('p', 'alo') as { outgoing: Map<string, object> }).outgoing])).not.toContain('"m"')
})

it('costs two messages for each when nothing is lost', () => {
  const { send, timers, messages } = system(Links)
  for (let i = 0; i < 100; i++) send('p', 'q', `${i}`)
  while (timers.running > 0) timers.period()
  expect([messages('DATA').length, messages('ACK').length]).toEqual([100, 100])
})

it('a lost message is sent again as soon as those after it are acknowledged, without waiting for a period', () => {
  const { send, cut, delivered, timers } = system(Links)
  cut.add('pq')
  for (const m of ['0', '1']) send('p', 'q', m)
  cut.clear()
  for (let i = 2; i < 8; i++) send('p', 'q', `${i}`)
  expect(delivered).toEqual(['2', '3', '0', '1', '4', '5', '6', '7'].map((m) => `p>q ${m}`))
  timers.period()
  timers.period()
  expect(timers.running).toBe(0)
})

it('a few that are overtaken are not taken for lost, and an acknowledgement of something else than was sent changes nothing', () => {
  const { send, cut, messages, inject } = system(Links.with({ reordering: 3 }))
  cut.add('pq')
  for (let i = 1; i <= 6; i++) send('p', 'q', `${i}`)
  inject('q', 'p', 'alo.fll', { kind: 'ACK', n: 4, t: 4 })
  expect(messages('DATA')).toHaveLength(6)
  for (const t of [99, Number.NaN, undefined]) inject('q', 'p', 'alo.fll', { kind: 'ACK', n: 99, t })
  expect(messages('DATA')).toHaveLength(6)
  inject('q', 'p', 'alo.fll', { kind: 'ACK', n: 5, t: Number.NaN })
  inject('q', 'p', 'alo.fll', { kind: 'ACK', n: 6, t: 1e9 })
  expect(messages('DATA')).toHaveLength(8)
})

it('is soon done, however much is lost, repeated and overtaken: patience does not grow with what went before', () => {
  const { send, timers, delivered } = system(Links, { lostPercent: 30, duplicatedPercent: 20, overtakenPercent: 30 })
  let periods = 0
  for (let i = 0; i < 2_000; i++) {
    send('p', 'q', `${i}`)
    for (; timers.running > 0; periods++) timers.period()
  }
  expect(counts(delivered).size).toBe(2_000)
  expect(periods / 2_000).toBeLessThan(30)
})

it('has no more than a window under way to one process', () => {
  const { send, cut, sent, timers } = system(Links.with({ window: 5 }))
  cut.add('pq')
  for (let i = 0; i < 20; i++) send('p', 'q', `${i}`)
  expect(sent).toHaveLength(5)
  timers.period()
  expect(sent).toHaveLength(10)
})

describe('a crashed process', () => {
  it('costs one message at intervals that double up to the longest', () => {
    const { send, crash, sent, timers } = system(Links.with({ delayMs: 10, maxDelayMs: 80 }))
    crash('q')
    for (let i = 0; i < 5; i++) send('p', 'q', `${i}`)
    const inPeriod: number[] = []
    for (let period = 0; period < 40; period++) {
      const before = sent.length
      timers.period()
      inPeriod.push(sent.length - before)
    }
    const when = inPeriod.flatMap((count, period) => (count > 0 ? [[period + 1, count]] : []))
    expect(when).toEqual([
      [1, 5],
      [3, 1],
      [7, 1],
      [15, 1],
      [23, 1],
      [31, 1],
      [39, 1],
    ])
  })

  it('is given up when it has kept too many waiting, and then costs nothing; the others continue as before', () => {
    const { send, crash, sent, timers, delivered, stateOf } = system(Links.with({ limit: 10 }))
    crash('q')
    for (let i = 0; i < 11; i++) send('p', 'q', `${i}`)
    expect(stateOf('p', 'alo')).toMatchObject({ givenUp: new Set(['q']) })
    timers.period()
    expect(timers.running).toBe(0)
    const before = sent.length
    send('p', 'q', 'more')
    expect(sent).toHaveLength(before)
    send('p', 'r', 'hello')
    expect(delivered).toEqual(['p>r hello'])
  })
})

describe('an acknowledgement of what a former process of the same name had sent, coming late, ', () => {
  it.each([
    [1_000, 'counts for nothing, where numbers go on above', ['p>q new']],
    [1, 'ends the retransmission of another message, where they begin again: a process must not come back so', []],
  ])('(first number %i) %s', (first, _, expected) => {
    const { send, timers, delivered, cut, inject } = system(Links.with({ first }))
    cut.add('pq')
    send('p', 'q', 'new')
    inject('q', 'p', 'alo.fll', { kind: 'ACK', n: 1 })
    cut.clear()
    timers.period()
    expect(delivered).toEqual(expected)
  })
})
