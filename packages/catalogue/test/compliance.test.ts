import { compliance } from '@upon/compliance'
import { describe, it } from 'vitest'
import { catalogue } from '../src'

/** Seeds of each algorithm. More: `npm run sim -- uc --runs 1000000`. */
const RUNS = 1_000

for (const { suite, algorithm, name, options } of catalogue) compliance(suite, { runs: RUNS, ...options, name, algorithm, describe, it })
