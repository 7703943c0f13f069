import { check } from '@upon/checker'
import { describe, expect, it } from 'vitest'
import { runSeed, type Scenario } from '../../src'
import { Seen } from './case'
import { cases } from './cases'

const RUNS = 2000

describe.each(cases)('the adversarial $module.name', ({ module, as = module, sometimes, wrong, ...model }) => {
  const scenario: Scenario<string> = {
    ...model,
    name: module.name,
    processes: 5,
    check: () => undefined,
    limits: model.rests === 'never' ? { virtualMs: 3_000 } : {},
  }
  const runs = Array.from({ length: RUNS }, (_, seed) =>
    runSeed({ ...scenario, processes: 2 + (seed % 4) }, seed, { record: 'everything' }),
  )

  it(`is within its module: ${Object.keys(module.properties).join(', ')} hold, and it comes to rest`, () => {
    for (const { seed, run, violation } of runs) {
      expect(violation, `seed ${seed}`).toBeUndefined()
      for (const { property, holds, why } of check(run.trace, as, { path: 'x' }))
        if (holds === false) expect.fail(`seed ${seed}: ${property} violated: ${why}`)
      expect(wrong?.(new Seen(run.trace)), `seed ${seed}`).toBeUndefined()
    }
  })

  const seen = runs.map(({ run }) => new Seen(run.trace))
  it.each(Object.entries(sometimes))('sometimes shows that %s', (what, happens) => {
    const times = seen.filter(happens).length
    if (process.env.UPON_VERBOSE) console.log(`${module.name}: ${what}: ${times} of ${RUNS}`)
    expect(times).toBeGreaterThan(RUNS / 200)
  })
})
