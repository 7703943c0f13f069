import type { Scenario } from '@upon/simulator'
import { afterAll, describe, expect, it } from 'vitest'
import { scenarioIn } from '../../src/load'
import { isDeep } from '../proofs/deep'
import { base, catalogueWith, cleanUp } from './build'
import type { Mutant } from './mutant'

/** Each mutant must be caught from each of these on. */
const BASE_SEEDS = isDeep ? [1, 1_000_003, 0xdead_beef] : [1]
const LIMIT_SEEDS = 100_000
/** An equivalent mutant that is caught was none. */
const EQUIVALENT_SEEDS = isDeep ? 1_000 : 100
/** Only what hangs is ended. */
const TIMEOUT_MS = 3_600_000

/** Enough to violate something, or to be seen to go on and on. */
const limits = { events: 20_000 }

/** What finding a short schedule may take in all: a run that never rests takes all of its own limit. */
const SHRINKING_EVENTS = 1_000_000

interface Tried {
  readonly scenario: Scenario
  readonly sizes: readonly number[] | undefined
}

async function tried({ algorithm, processes, layers = 'own', ...mutation }: Mutant): Promise<Tried> {
  const { find } = await catalogueWith(mutation)
  const found = find(algorithm)
  if (found === undefined) throw new Error(`there is no algorithm ${algorithm} in the catalogue`)
  return { scenario: scenarioIn(found, layers), sizes: processes === undefined ? found.options.sizes : [processes] }
}

const rows: string[] = []

/** Tests that each mutant is caught, and, where there is time, that it is from each base seed, and that a short schedule shows why. */
export function kills(all: readonly Mutant[]): void {
  const mutants = all.filter((mutant) => isDeep || !mutant.isDeep)
  cleanUp()
  afterAll(() =>
    console.log(`mutants, and the schedules that it took from each of ${BASE_SEEDS.length} seeds:\n${rows.splice(0).join('\n')}`),
  )

  describe.each(mutants.filter(({ equivalent }) => equivalent === undefined))('$algorithm: $property shows that $name', (mutant) => {
    it('from each base seed', { timeout: TIMEOUT_MS }, async () => {
      const { runSeed, shrink, sizeOf } = await base()
      const { scenario, sizes } = await tried(mutant)
      const sized = (seed: number) => ({ ...scenario, processes: sizeOf(seed, sizes) })
      const isKiller = (seed: number) => runSeed(sized(seed), seed, { limits }).violation?.property === mutant.property
      const killers = BASE_SEEDS.map((from) => {
        if (!isDeep && mutant.seed !== undefined && isKiller(mutant.seed)) return mutant.seed
        for (let seed = from; seed < from + LIMIT_SEEDS; seed++) if (isKiller(seed)) return seed
        return undefined
      })
      const schedules = killers.map((seed, i) => (seed === undefined ? 'none' : seed - (BASE_SEEDS[i] as number) + 1))
      rows.push(`  ${mutant.property.padEnd(14)} ${schedules.join(', ').padEnd(20)} ${mutant.algorithm}: ${mutant.name}`)
      expect(killers).not.toContain(undefined)
      if (!isDeep) return
      const outcomes = (killers as number[]).map((seed) => runSeed(sized(seed), seed, { limits }))
      const shortest = outcomes.reduce((a, b) => (b.plan.operations.length < a.plan.operations.length ? b : a))
      const shrunk = shrink(sized(shortest.seed), shortest, { limits, limitEvents: SHRINKING_EVENTS })
      expect(shrunk.violation.property).toBe(mutant.property)
      expect(shrunk.steps).toBeLessThanOrEqual(mutant.steps ?? 25)
    })
  })

  const harmless = mutants.filter(({ equivalent }) => equivalent !== undefined)
  if (harmless.length === 0) return
  it.each(harmless)('$algorithm: nothing shows that $name, for $equivalent', { timeout: TIMEOUT_MS }, async (mutant) => {
    const { runTurns } = await base()
    const { scenario, sizes } = await tried(mutant)
    expect(runTurns(scenario, 1, EQUIVALENT_SEEDS, sizes).failures).toEqual([])
  })
}
