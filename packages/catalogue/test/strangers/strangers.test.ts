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
const LIMIT_SEEDS = 5_000
const limits = { events: 5_000 }

const strangers = [...links, ...detectors, ...broadcast, ...register, ...consensus]

it.each(strangers)('$property shows that $fault', { timeout: 60_000 }, ({ property, suite, algorithm, layers }) => {
  const scenario = scenarioIn(entry(suite, algorithm), layers)
  const convicts = (seed: number) => {
    const processes = SYSTEMS[seed % SYSTEMS.length] as number
    return runSeed({ ...scenario, processes }, seed, { limits }).violation?.property === property
  }
  expect(Array.from({ length: LIMIT_SEEDS }, (_, i) => i + 1).some(convicts)).toBe(true)
})
