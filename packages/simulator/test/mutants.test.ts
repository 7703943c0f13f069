import { describe, expect, it } from 'vitest'
import { runSeed, type Scenario } from '../src/scenario'
import { shrink } from '../src/shrink'
import { scenariosWith } from './mutant'
import { type Mutant, mutants, traps } from './mutants'

const LIMIT_SEEDS = 20_000
const limits = { events: 5_000 }

/** The first seed under which a mutant violates the property that it should. */
async function firstFailure({ scenario: name, property, processes, ...mutation }: Mutant) {
  const scenarios = await scenariosWith(mutation)
  const found = scenarios.scenarios[name] as Scenario
  const scenario = processes === undefined ? found : { ...found, processes }
  for (let seed = 1; seed <= LIMIT_SEEDS; seed++) {
    const outcome = runSeed(scenario, seed, { limits })
    if (outcome.violation?.property === property) return { scenario, outcome, seed }
  }
  throw new Error(`survived ${LIMIT_SEEDS} seeds`)
}

describe.each([...traps, ...mutants])('$property shows that $name', (mutant) => {
  it('within the limit of seeds, and a short schedule shows it too', async () => {
    const { scenario, outcome, seed } = await firstFailure(mutant)
    const shrunk = shrink(scenario, outcome, { limits })
    if (process.env.UPON_VERBOSE) console.log(`${mutant.name}: ${seed} schedules, shrunk to ${shrunk.steps} steps in ${shrunk.runs} runs`)
    expect(shrunk.violation.property).toBe(mutant.property)
    expect(shrunk.steps).toBeLessThanOrEqual(25)
  })
})
