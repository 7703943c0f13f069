import { runSeed, type Scenario, shrink } from '@upon/simulator'
import { afterAll, describe, expect, it } from 'vitest'
import { scenarioIn } from '../../src/load'
import { catalogueWith } from './build'
import type { Mutant } from './mutant'

/** Each mutant must be caught from each of these on. */
const BASE_SEEDS = [1, 1_000_003, 0xdead_beef]
const LIMIT_SEEDS = 100_000
const LIMIT_MS = 60_000
/** An equivalent mutant that is caught was none. */
const EQUIVALENT_SEEDS = 1_000

const limits = { events: 5_000 }

/** The outcome of the first seed from `base` on that violates the property, if any does. */
function firstFailure(scenario: Scenario, property: string, base: number, runs = LIMIT_SEEDS) {
  for (let seed = base; seed < base + runs; seed++) {
    const outcome = runSeed(scenario, seed, { limits })
    if (outcome.violation?.property === property) return outcome
  }
  return undefined
}

async function scenarioOf({ algorithm, processes = 5, layers = 'own', ...mutation }: Mutant): Promise<Scenario> {
  const { find } = await catalogueWith(mutation)
  const found = find(algorithm)
  if (found === undefined) throw new Error(`there is no algorithm ${algorithm} in the catalogue`)
  return { ...scenarioIn(found, layers), processes }
}

const rows: string[] = []

/** Tests that each mutant is caught, and that a short schedule shows why. */
export function kills(mutants: readonly Mutant[]): void {
  afterAll(() => console.log(`mutants, and the schedules that it took from each of ${BASE_SEEDS.length} seeds:\n${rows.join('\n')}`))

  describe.each(mutants.filter(({ equivalent }) => equivalent === undefined))('$algorithm: $property shows that $name', (mutant) => {
    it('from each base seed, and in a short schedule', { timeout: LIMIT_MS }, async () => {
      const scenario = await scenarioOf(mutant)
      const outcomes = BASE_SEEDS.map((base) => firstFailure(scenario, mutant.property, base))
      expect(outcomes).not.toContain(undefined)
      const [first] = outcomes
      if (first === undefined) return
      const shrunk = shrink(scenario, first, { limits })
      const schedules = outcomes.map((outcome, i) => (outcome?.seed ?? 0) - (BASE_SEEDS[i] ?? 0) + 1)
      rows.push(
        `  ${mutant.property.padEnd(14)} ${schedules.join(', ').padEnd(20)} ${shrunk.steps} steps  ${mutant.algorithm}: ${mutant.name}`,
      )
      expect(shrunk.violation.property).toBe(mutant.property)
      expect(shrunk.steps).toBeLessThanOrEqual(25)
    })
  })

  const harmless = mutants.filter(({ equivalent }) => equivalent !== undefined)
  if (harmless.length === 0) return
  it.each(harmless)('$algorithm: nothing shows that $name, for $equivalent', async (mutant) => {
    const scenario = await scenarioOf(mutant)
    for (let seed = 1; seed <= EQUIVALENT_SEEDS; seed++) expect(runSeed(scenario, seed, { limits }).violation).toBeUndefined()
  })
}
