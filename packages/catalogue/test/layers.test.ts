import { checkAll } from '@upon/checker'
import { runSeed } from '@upon/simulator'
import { expect, it } from 'vitest'
import { catalogue } from '../src'

const SEEDS = 40

/** What an instance is told once it has halted is in no trace: an epoch that has ended, flooding that has decided. */
const isDeaf = (algorithm: string, path: string) => path.includes('[') || algorithm.startsWith('flooding-')
const HEARING = ['PL1', 'BEB1', 'PFD1']

it.each(catalogue)('$name: every property of every layer holds in whole traces', ({ scenario, algorithm }) => {
  const judged = new Set<string>()
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { run } = runSeed(scenario, seed, { record: 'everything' })
    for (const { property, path, holds, why } of checkAll(run.trace)) {
      judged.add(property)
      if (HEARING.includes(property) && isDeaf(algorithm.name, path)) continue
      if (holds === false) expect.fail(`seed ${seed}, ${path}: ${property} violated: ${why}`)
    }
  }
  expect(judged.size).toBeGreaterThan(1)
})
