import { describe, expect, it } from 'vitest'
import { runSeeds, type Scenario, scenarios } from '../src'

/** Seeds of each, for each number of processes. More: `pnpm sim uc --runs 1000000`. */
const RUNS = 300

const properties: Readonly<Record<string, string>> = {
  uc: 'UC1 termination, UC2 validity, UC3 integrity, UC4 uniform agreement',
  lies: 'UC1 to UC4, over a leader detector that lies as much as it may',
  nnar: 'NNAR1 termination, NNAR2 atomicity',
  beb: 'BEB1 validity, BEB2 no duplication, BEB3 no creation',
  eld: 'ELD1 eventual accuracy, ELD2 eventual agreement',
  epfd: 'EPFD1 strong completeness, EPFD2 eventual strong accuracy',
  hints: 'EPFD1, EPFD2, with hints that may be wrong',
  ec: 'EC1 monotonicity, EC2 consistency, EC3 eventual leadership',
}

describe.each(Object.keys(scenarios))('%s', (name) => {
  it.each([2, 3, 4, 5, 7])(`${properties[name]}: hold among %i processes, under every seed tried`, (processes) => {
    const statistics = runSeeds({ ...(scenarios[name] as Scenario), processes }, 1000 * processes, RUNS)
    expect(statistics.failures).toEqual([])
    expect(statistics.runs - statistics.cut).toBe(RUNS)
  })
})
