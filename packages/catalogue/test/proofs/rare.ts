import { judge } from '@upon/simulator'
import { expect, it } from 'vitest'
import type { Entry } from '../../src'

/** The situations that need a schedule of their own: each occurs, and nothing is violated. */
export function survivesRareSituations({ name, scenario, options }: Entry): void {
  for (const [situation, { occurs, plan }] of Object.entries(options.rarely ?? {}))
    it(`${name}: nothing is violated where ${situation}`, () => {
      const { run, violation } = judge(scenario, plan)
      expect(violation).toBeUndefined()
      expect(occurs(run)).toBe(true)
    })
}
