import { sizeOf } from '@upon/compliance'
import { runSeed } from '@upon/simulator'
import { expect, it } from 'vitest'
import { entry } from '../../src'
import { scenarioIn } from '../../src/load'
import type { Stranger } from './stranger'

const LIMIT_SEEDS = 5_000

/** Implementations of other people, each with a fault that ours cannot have. */
export function convicted(strangers: readonly Stranger[]): void {
  it.each(strangers)('$property shows that $fault', ({ property, suite, algorithm, layers }) => {
    const scenario = scenarioIn(entry(suite, algorithm), layers)
    const convicts = (seed: number) => {
      const { violation } = runSeed({ ...scenario, processes: sizeOf(seed) }, seed, { limits: { events: 20_000 } })
      return violation?.property === property
    }
    expect(Array.from({ length: LIMIT_SEEDS }, (_, i) => i + 1).some(convicts)).toBe(true)
  })
}
