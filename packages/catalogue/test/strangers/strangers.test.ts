import { runSeed } from '@upon/simulator'
import { expect, it } from 'vitest'
import { entry } from '../../src'
import { scenarioIn } from '../../src/load'
import { broadcast } from './broadcast'
import { consensus } from './consensus'
import { detectors } from './detectors'
import { links } from './links'
import { register } from './register'

const SYSTEMS = [2, 3, 4, 5, 7]
const LIMIT_SEEDS = 2_000
const limits = { events: 5_000 }

it.each([...links, ...detectors, ...broadcast, ...register, ...consensus])(
  '$property shows that $fault',
  { timeout: 60_000 },
  ({ property, suite, algorithm, layers }) => {
    const scenario = scenarioIn(entry(suite, algorithm), layers)
    const found = new Map<string, number>()
    for (let seed = 1; seed <= LIMIT_SEEDS && !found.has(property) && (seed < 300 || found.size === 0); seed++) {
      const { violation } = runSeed({ ...scenario, processes: SYSTEMS[seed % SYSTEMS.length] as number }, seed, { limits })
      if (violation !== undefined && !found.has(violation.property)) found.set(violation.property, seed)
    }
    if (process.env['SHOW']) console.log(property, algorithm.name, [...found])
    expect([...found.keys()]).toContain(property)
  },
)
