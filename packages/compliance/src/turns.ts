import { addStatistics, noStatistics, runSeeds, type Scenario, type Statistics } from '@upon/simulator'

/** Sizes of systems, by turns: each from 1 to 7, most often those with small quorums. */
const SIZES: readonly number[] = [3, 5, 2, 3, 7, 4, 1, 3, 6, 5]

/** How many processes the system of a seed has. */
export const sizeOf = (seed: number, sizes: readonly number[] = SIZES): number => sizes[seed % sizes.length] as number

/** Further violations show nothing new, and a system that never rests costs the most. */
const ENOUGH = { violations: 5, events: 500_000 } as const

/** Runs `runs` seeds from `from` on, in systems of these sizes by turns. Continues after a violation, up to a limit. */
export function runTurns<O>(scenario: Scenario<O>, from: number, runs: number, sizes?: readonly number[]): Statistics {
  const sum = noStatistics()
  for (let seed = from; seed < from + runs; seed++) {
    addStatistics(sum, runSeeds({ ...scenario, processes: sizeOf(seed, sizes) }, seed, 1))
    if (sum.violations >= ENOUGH.violations && sum.events >= ENOUGH.events) break
  }
  return sum
}
