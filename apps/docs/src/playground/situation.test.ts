import { catalogue } from '@upon/catalogue'
import { drawPlan } from '@upon/simulator'
import { describe, expect, it } from 'vitest'
import { opening } from './play'
import { fromFragment, type Situation, toFragment } from './situation'

const next = { do: 'next' } as const
const played: Situation = {
  entry: 'majority-ack',
  processes: 5,
  seed: 7,
  layers: 'adversarial',
  mutant: 'the first copy is delivered',
  log: [{ do: 'crash', process: 'p1', afterSends: 2 }, next, next, { do: 'request', process: 'p1', operation: 'Grüße' }, next],
  at: 4,
}

describe('a situation in a link', () => {
  it('is the same situation when it is opened, and short', async () => {
    const fragment = await toFragment(played)
    expect(await fromFragment(`#${fragment}`)).toEqual(played)
    expect(fragment.length).toBeLessThan(220)
    expect(fragment).toMatch(/^[\w.-]+$/)
  })

  it.each(catalogue.map((entry) => [entry.name, entry] as const))('%s: its opening, and a plan with faults', async (_, entry) => {
    const situation = { ...opening(entry), plan: drawPlan({ ...entry.scenario, processes: 3 }, 5) }
    expect(await fromFragment(await toFragment(situation))).toEqual(JSON.parse(JSON.stringify(situation)))
  })

  it('a name alone is an entry', async () => {
    expect(await fromFragment('#majority-ack')).toEqual({ entry: 'majority-ack' })
  })

  it.each([
    ['', 'names no algorithm'],
    ['majority-ack.2.abc', 'of version 2'],
    ['majority-ack.1.abc', 'missing or changed'],
    ['majority-ack.1.', 'missing or changed'],
  ])('%j says what is wrong', async (fragment, why) => {
    await expect(fromFragment(fragment)).rejects.toThrow(why)
  })

  it('a link that was cut off says so', async () => {
    const fragment = await toFragment(played)
    await expect(fromFragment(fragment.slice(0, -9))).rejects.toThrow('missing or changed')
  })
})
