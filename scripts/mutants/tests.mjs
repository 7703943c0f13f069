import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { readJson, root } from '../lib/workspace.mjs'

/** Tests that take longer, as they are, try no mutants: seconds. */
const LIMIT_S = 60

/** What takes so many times as long as it did without a mistake goes on for ever. */
const TIMES_SLOWER = 5
const LEAST_LIMIT_S = 30

/** Tests of a file, quickest first, and when they have taken too long. @typedef {{ files: readonly string[], limitS: number }} Tests */

const config = join(root, 'scripts/mutants/vitest.config.mjs')

/** The test files of a package that `npm test` runs. @param {string} name */
async function testFilesOf(name) {
  const files = await readdir(join(root, 'packages', name), { recursive: true })
  return files.filter((path) => /^(src|test)\/.*(?<!\.deep)\.test\.ts$/.test(path)).map((path) => join(root, 'packages', name, path))
}

/** The tests of its own package that import a file, whatever lies between. Throws if there are none, or if they fail. @param {string} path @returns {Promise<Tests>} */
export async function testsOf(path) {
  const [, name = ''] = /packages\/([^/]+)\//.exec(path) ?? []
  const covering = []
  for (const test of await testFilesOf(name)) if (await imports(test, path)) covering.push(test)
  if (covering.length === 0) throw new Error(`${path}: no test of ${name} imports it`)
  const { failed, tests } = await vitest(covering, {}, LIMIT_S * 10)
  if (failed) throw new Error(`${path}: its tests fail as it is`)
  const quick = covering
    .map((test) => ({ test, ms: tests.get(test) ?? 0 }))
    .filter(({ ms }) => ms < LIMIT_S * 1000)
    .sort((a, b) => a.ms - b.ms)
  const sumMs = quick.reduce((sum, { ms }) => sum + ms, 0)
  return { files: quick.map(({ test }) => test), limitS: LEAST_LIMIT_S + (TIMES_SLOWER * sumMs) / 1000 }
}

/** @param {string} test @param {string} path */
async function imports(test, path) {
  const { metafile } = await build({
    entryPoints: [test],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    conditions: ['source'],
    logLevel: 'silent',
    external: ['vitest', 'esbuild', 'vite', 'fast-check', 'typescript'],
    absWorkingDir: root,
  })
  return Object.keys(metafile.inputs).some((input) => resolve(root, input) === path)
}

/**
 * Whether one of these tests fails with that file in the place of its own.
 * @param {string} path @param {string} contents @param {Tests} tests
 * @returns {Promise<import('./try.mjs').Outcome>}
 */
export async function tryUnderTests(path, contents, { files, limitS }) {
  const folder = await mkdtemp(join(tmpdir(), 'upon-mutant-'))
  try {
    const text = join(folder, 'mutant.ts')
    await writeFile(text, contents)
    const { failed, why } = await vitest(files, { UPON_MUTANT: path, UPON_MUTANT_TEXT: text }, limitS)
    const caught = { by: 'tests', why, entry: why, schedules: 0 }
    return { caught: failed ? caught : undefined, schedules: 0, entries: [] }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/**
 * Runs tests in this order, up to the first that fails. What does not end in time has failed.
 * @param {readonly string[]} files @param {Record<string, string>} env @param {number} limitS
 * @returns {Promise<{ failed: boolean, why: string, tests: Map<string, number> }>}
 */
async function vitest(files, env, limitS) {
  const folder = await mkdtemp(join(tmpdir(), 'upon-mutant-'))
  const results = join(folder, 'results.json')
  const args = ['run', '--config', config, '--bail=1', '--maxWorkers=1', '--reporter=json', `--outputFile=${results}`, ...files]
  const order = { UPON_MUTANT_ORDER: files.join('\n') }
  const child = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: root,
    env: { ...process.env, ...order, ...env },
    stdio: 'ignore',
  })
  const code = await new Promise((done) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), limitS * 1000)
    child.on('exit', (status) => {
      clearTimeout(timer)
      done(status)
    })
  })
  try {
    const { testResults } = readJson(results)
    const broken = testResults.find((/** @type {any} */ { status }) => status === 'failed')
    const tests = new Map(testResults.map((/** @type {any} */ { name, startTime, endTime }) => [name, endTime - startTime]))
    const test = broken?.assertionResults.find((/** @type {any} */ { status }) => status === 'failed')
    return { failed: code !== 0, why: test?.fullName ?? broken?.name ?? 'vitest', tests }
  } catch {
    return { failed: true, why: `no end within ${limitS} s`, tests: new Map() }
  } finally {
    await rm(folder, { recursive: true })
  }
}
