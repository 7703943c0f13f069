import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { checkDeterminism, NotDeterministic, Random, runSeed, type Scenario } from '@upon/simulator'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { catalogue, find } from '../src'
import { isDeep } from './proofs/deep'

const home = fileURLToPath(new URL('..', import.meta.url))
/** Ends only what hangs: a run of each algorithm takes some CPU seconds, and a busy machine many times that. */
const LIMIT_MS = 180_000
const seeds = isDeep ? [1, 2, 3, 0xffffffff, 2 ** 53 - 1] : [2 ** 53 - 1]

const scenarioOf = (name: string) => find(name)?.scenario as Scenario

/** The hashes of `seeds`, as a process of its own has them. */
async function hashesElsewhere(): Promise<Record<string, string[]>> {
  const contents = `
    import { checkDeterminism } from '@upon/simulator'
    import { catalogue } from './src'
    const hashes = catalogue.map(({ name, scenario }) => [name, ${JSON.stringify(seeds)}.map((seed) => checkDeterminism(scenario, seed))])
    console.log(JSON.stringify(Object.fromEntries(hashes)))`
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: home, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['source'],
  })
  const folder = await mkdtemp(join(tmpdir(), 'upon-determinism-'))
  try {
    await writeFile(join(folder, 'hashes.mjs'), outputFiles[0]?.text ?? '')
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'hashes.mjs')])
    return JSON.parse(stdout)
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe('same seed, same run', () => {
  it('twice in this process, once in another, byte for byte', { timeout: LIMIT_MS }, async () => {
    const here = catalogue.map(({ name, scenario }) => [name, seeds.map((seed) => checkDeterminism(scenario, seed))])
    expect(await hashesElsewhere()).toEqual(Object.fromEntries(here))
  })

  it('on every machine and version of Node: these are the hashes', () => {
    const hash = (name: string) => checkDeterminism(scenarioOf(name), 7)
    expect(['uc', 'nnar', 'beb', 'eld', 'epfd'].map(hash)).toMatchSnapshot()
  })

  it('whatever is recorded', () => {
    const uc = scenarioOf('uc')
    for (const seed of seeds) {
      const [all, little] = (['everything', 'application'] as const).map((record) => runSeed(uc, seed, { record }).run)
      expect([little?.events, little?.virtualMs, little?.end]).toEqual([all?.events, all?.virtualMs, all?.end])
    }
  })

  it('is what checkDeterminism complains about otherwise', () => {
    let runs = 0
    const setup: Scenario['setup'] = (process) => {
      process.after(++runs, () => {})
      return undefined
    }
    expect(() => checkDeterminism({ ...scenarioOf('beb'), operations: () => [], setup }, 1)).toThrow(NotDeterministic)
  })
})

describe('random numbers', () => {
  it('are those of xoshiro128**, evenly spread and different for neighbouring seeds', () => {
    const random = new Random(1)
    const counts = new Array(10).fill(0)
    for (let i = 0; i < 100_000; i++) counts[random.below(10)]++
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
    const firsts = Array.from({ length: 1000 }, (_, seed) => new Random(seed).next())
    expect(new Set(firsts).size).toBe(1000)
    expect(() => new Random(-1)).toThrow('expected a whole number')
  })
})
