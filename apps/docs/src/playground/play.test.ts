import { catalogue, find } from '@upon/catalogue'
import { describe, expect, it } from 'vitest'
import { boxOf, overlap } from './labels'
import { layoutOf } from './layout'
import { lightsOf } from './lights'
import { opening, Play } from './play'
import { storyOf } from './story'

const entryOf = (name: string) => {
  const found = find(name)
  if (found === undefined) throw new Error(`there is no ${name}`)
  return found
}

const scene = ({ session, lost, entry }: Play, runs: 'right' | 'down' = 'right') =>
  layoutOf({
    trace: session.trace,
    pending: session.pending,
    lost,
    nowMs: session.timeMs,
    top: entry.algorithm.instance,
    proof: new Map(),
    width: runs === 'right' ? 700 : 358,
    runs,
  })

describe('every entry of the catalogue can be played', () => {
  it.each(catalogue.map((entry) => [entry.name, entry] as const))('%s: sixteen steps, back, and the same again', (_, entry) => {
    const play = new Play(entry, opening(entry))
    for (let i = 0; i < 16; i++) play.step()
    const { at } = play
    const entries = play.session.trace.entries
    expect(lightsOf(entry, play.session).map(({ says }) => says)).not.toContain('violated')
    expect(play.lost).toEqual([])
    play.back()
    expect(play.at).toBeLessThan(at)
    play.goTo(at)
    expect(play.session.trace.entries).toEqual(entries)
    for (const runs of ['right', 'down'] as const) {
      const { labels, arrows, marks } = scene(play, runs)
      expect(arrows.length + marks.length, 'something is to be seen').toBeGreaterThan(0)
      const boxes = labels.map(boxOf)
      const pairs = boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => overlap(a, b)))
      expect(pairs, 'no label hides another').toEqual([])
    }
  })
})

describe('a broadcast whose sender crashes', () => {
  const crash = { do: 'crash', process: 'p1', afterSends: 1 } as const
  const request = { do: 'request', process: 'p1', operation: 1 } as const
  const played = (name: string) => {
    const play = new Play(entryOf(name), { ...opening(entryOf(name)), log: [crash, request], at: 2 })
    for (let i = 0; i < 60 && !play.session.isAtRest; i++) play.step()
    return play
  }

  it('reaches all by an eager reliable broadcast, and some by a best-effort one', () => {
    const deliveredAt = (name: string) => {
      const { session, entry } = played(name)
      return session.trace.entries.flatMap((e) =>
        e.type === 'event' && e.path === entry.algorithm.instance && e.event === 'deliver' ? [e.process] : [],
      )
    }
    expect(deliveredAt('eager-reliable-broadcast')).toEqual(['p2', 'p3'])
    expect(deliveredAt('basic-broadcast')).toEqual(['p2'])
  })

  it('leaves no light open when all is at rest', () => {
    const { entry, session } = played('eager-reliable-broadcast')
    expect(session.isAtRest).toBe(true)
    expect(lightsOf(entry, session).map(({ property, says }) => `${property} ${says}`)).toEqual([
      'RB1 holds',
      'RB2 holds',
      'RB3 holds',
      'RB4 holds',
    ])
  })

  it('a message dropped on perfect links is drawn as lost, and what is violated by it is beyond the model', () => {
    const entry = entryOf('basic-broadcast')
    const play = new Play(entry, { ...opening(entry), log: [request], at: 1 })
    expect(play.session.allowed({ do: 'drop', id: 'p1>p2 beb.pl 1' })).toContain('perfect links lose nothing')
    play.do({ do: 'drop', id: 'p1>p2 beb.pl 1' })
    expect(play.lost.map(({ id }) => id)).toEqual(['p1>p2 beb.pl 1'])
    expect(scene(play).arrows.map(({ fate }) => fate)).toEqual(['lost', 'under way'])
    while (!play.session.isAtRest) play.step()
    const lights = lightsOf(entry, play.session)
    expect(lights[0]).toMatchObject({ property: 'BEB1', says: 'beyond' })
    expect(storyOf(play, lights)[0]).toContain('beyond the model')
  })

  it('acting in the past branches, and what came after is put aside', () => {
    const play = played('eager-reliable-broadcast')
    const { log } = play
    play.goTo(2)
    play.do({ do: 'pause', process: 'p2' })
    expect(play.log).toHaveLength(3)
    expect(play.aside).toEqual({ at: 2, log })
  })
})
