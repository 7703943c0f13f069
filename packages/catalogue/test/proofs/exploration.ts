import { exhaustive } from '@upon/compliance'
import { describe, expect, it } from 'vitest'
import type { Entry, System } from '../../src'
import { isDeep } from './deep'
import deepStates from './deep-states.json' with { type: 'json' }

/** A system that has more states is tried where there is time: `isDeep`. So `npm test` has room for as many algorithms as there are to be. */
const QUICK_STATES = 30_000

/** Snapshots would be obsolete wherever there is no time for large systems. */
const statesOfDeep: Readonly<Record<string, number>> = deepStates

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`

/** What is tried, and what that shows: no more than that. */
function titleOf({ processes = 2, crashes, timeouts, losses, repeats, lies, limitStates, unjudged }: System): string {
  const may = Object.entries({ crash: crashes, 'time-out': timeouts, loss: losses, repetition: repeats, lie: lies })
    .filter(([, count]) => count !== undefined)
    .map(
      ([what, count]) =>
        `, ${counted(count as number, what)
          .replace('crashs', 'crashes')
          .replace('losss', 'losses')}`,
    )
  const which = limitStates === undefined ? 'in every schedule of' : `in the first ${limitStates} states of`
  const what = unjudged === undefined ? 'every property holds' : `every property but ${unjudged.join(', ')} holds`
  return `${what} ${which} ${processes} processes${may.join('')}`
}

/** The schedules of its small systems; those of large ones where there is time. */
export function explored({ name, suite, algorithm, options }: Entry): void {
  if (options.over !== undefined) return
  const systems = (options.systems ?? [{ processes: 2 }]).filter((system) => isDeep || !system.isDeep)
  describe(name, () => {
    it.each(systems.map((system) => [titleOf(system), system] as const))('%s', (title, { isDeep: isLarge, unjudged, ...system }) => {
      const { counterexample, ...found } = exhaustive(suite, algorithm, { limitStates: isLarge ? 1_000_000 : QUICK_STATES, ...system })
      expect(counterexample).toBeUndefined()
      expect(found).toMatchObject({ isComplete: system.limitStates === undefined, unjudged: unjudged ?? [] })
      if (isLarge) expect(found.states).toBe(statesOfDeep[`${name} > ${title}`])
      else expect(found.states).toMatchSnapshot()
    })
  })
}
