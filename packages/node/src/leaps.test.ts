import { describe, expect, it } from 'vitest'
import { Leaps, LIMIT_LEAP, leapOfTopics } from './leaps'
import { HIGHEST_TIMESTAMP } from './wire'

/** How many messages it takes to bring a name to the end of all timestamps. */
function messagesToTheEnd(leaps: Leaps): number {
  let messages = 0
  for (let at = 0; at < HIGHEST_TIMESTAMP; messages++) {
    at = Math.min(HIGHEST_TIMESTAMP, Math.max(at, leaps.limit) + leaps.limit)
    leaps.take('x', at)
  }
  return messages
}

describe('what comes', () => {
  it.each([2 ** 30 - 1, 2 ** 30, HIGHEST_TIMESTAMP])('one message of timestamp %i is refused, and changes nothing', (timestamp) => {
    const leaps = new Leaps(LIMIT_LEAP)
    for (let i = 0; i < 100; i++) expect(() => leaps.take('x', timestamp)).toThrow('leaps')
    leaps.take('x', 1)
  })

  it('no process that does nothing but write for half a day is refused, however late the first message of it comes', () => {
    const leaps = new Leaps(LIMIT_LEAP)
    leaps.take('x', 2 * LIMIT_LEAP) // 4,000 writes a second, for nine hours
    leaps.take('x', 3 * LIMIT_LEAP)
    leaps.take('x', 5)
    expect(() => leaps.take('y', 3 * LIMIT_LEAP)).toThrow('leaps') // each name by itself
  })

  it('it takes many wrong messages to end a name, also where ranks are as high as can be', () => {
    expect(messagesToTheEnd(new Leaps(LIMIT_LEAP))).toBeGreaterThan(25)
    expect(messagesToTheEnd(new Leaps(leapOfTopics(3)))).toBeGreaterThan(100)
    expect(messagesToTheEnd(new Leaps(leapOfTopics(2 ** 20)))).toBeGreaterThan(5)
  })
})

describe('what we send', () => {
  it('can be received by who has heard nothing, wherever somebody has led us, and ever after', () => {
    for (const limit of [LIMIT_LEAP, leapOfTopics(1), leapOfTopics(2 ** 20)]) {
      const [q, r] = [new Leaps(limit), new Leaps(limit)]
      for (let at = 2 * limit; at < HIGHEST_TIMESTAMP; at += limit) {
        q.take('x', at) // from p, which r never hears of
        for (const own of [at + 1, at + 2]) for (const step of [...q.stepsTo('r', 'x', own), own]) r.take('x', step)
      }
    }
  })

  it('takes steps only for a leap, and then only once to each process', () => {
    const leaps = new Leaps(100)
    expect(leaps.stepsTo('p', 'x', 200)).toEqual([])
    expect(leaps.stepsTo('p', 'x', 501)).toEqual([300, 400, 500])
    expect(leaps.stepsTo('p', 'x', 502)).toEqual([])
    expect(leaps.stepsTo('q', 'x', 502)).toEqual([200, 300, 400, 500])
    expect(leaps.stepsTo('p', 'y', 100)).toEqual([])
  })
})
