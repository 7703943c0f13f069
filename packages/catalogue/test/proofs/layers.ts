import { checkAll } from '@upon/checker'
import { sizeOf } from '@upon/compliance'
import { runSeed } from '@upon/simulator'
import { expect, it } from 'vitest'
import type { Entry } from '../../src'
import { FIRST_SEED, isDeep } from './deep'

const SEEDS = isDeep ? 50 : 10

/** Events of a halted instance are in no trace: an epoch that has ended, a consensus that has decided. */
const isDeaf = (algorithm: string, path: string) => path.includes('[') || HALTING.test(algorithm)
const HALTING = /^(flooding-|hierarchical-uniform-consensus$|rotating-coordinator$)/
const HEARING = ['PL1', 'BEB1', 'PFD1', 'EPFD1', 'EPFD2', 'RB1', 'RB4', 'URB1', 'URB4']

/** Every property of every layer below it, too. */
export function layersHold({ name, scenario, algorithm, options }: Entry): void {
  it(`${name}: every property of every layer holds in whole traces`, () => {
    const judged = new Set<string>()
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      const { run } = runSeed({ ...scenario, processes: sizeOf(seed, options.sizes) }, seed, { record: 'everything' })
      for (const { property, path, holds, why } of checkAll(run.trace)) {
        judged.add(property)
        if (HEARING.includes(property) && isDeaf(algorithm.name, path)) continue
        if (holds === false) expect.fail(`seed ${seed}, ${path}: ${property} violated: ${why}`)
      }
    }
    expect(judged.size).toBeGreaterThan(1)
  })
}
