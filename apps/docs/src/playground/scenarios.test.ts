import { catalogue, find } from '@upon/catalogue'
import { describe, expect, it } from 'vitest'
import { caughtIn, explored } from './hunt'
import { lightsOf } from './lights'
import { opening, Play } from './play'
import { offersAt } from './requests'
import { scenariosOf } from './scenarios'

const entryOf = (name: string) => {
  const found = find(name)
  if (found === undefined) throw new Error(`there is no ${name}`)
  return found
}

describe('every scenario can be played, and violates nothing', () => {
  it.each(catalogue.map((entry) => [entry.name, entry] as const))('%s', (_, entry) => {
    const scenarios = scenariosOf(entry, 3)
    expect(scenarios.length).toBeGreaterThan(3)
    for (const { name, log } of scenarios) {
      const play = new Play(entry, { ...opening(entry), log, at: log.length })
      expect(play.refused, name).toBeUndefined()
      expect(play.at, name).toBe(log.length)
      for (let i = 0; i < 2; i++) play.step()
      expect(
        lightsOf(entry, play.session).filter(({ says }) => says === 'violated'),
        name,
      ).toEqual([])
    }
  })
})

describe('what a client may ask for', () => {
  it.each([
    ['majority-ack', 'p2', ['broadcast 5']],
    ['read-impose-write-consult-majority', 'p3', ['write 5', 'read']],
    ['read-impose-write-majority', 'p1', ['write 5', 'read']],
    ['read-impose-write-majority', 'p2', ['read']],
    ['leader-driven-consensus', 'p2', ['propose 20']],
    ['eliminate-duplicates', 'p3', ['send 5 to p1']],
    ['exclude-on-timeout', 'p1', []],
  ])('%s at %s: %j', (name, process, words) => {
    const offers = offersAt(entryOf(name), ['p1', 'p2', 'p3'], process, 4)
    expect(offers.map((offer) => offer.words)).toEqual(words)
  })
})

describe('a hunt for violations', () => {
  it('finds none in an algorithm as it should be, and says how many it tried', () => {
    const entry = entryOf('majority-ack')
    const progress: number[] = []
    const hunt = { entry, algorithm: entry.algorithm, layers: 'own', processes: 3, firstSeed: 1, seeds: 50 } as const
    expect(caughtIn(hunt, (tried) => progress.push(tried))).toBeUndefined()
    expect(progress).toEqual([25, 50])
  })

  it('explores every schedule of a small system', () => {
    const entry = entryOf('basic-broadcast')
    expect(explored(entry, entry.algorithm)).toMatchObject({ isComplete: true })
  })
})
