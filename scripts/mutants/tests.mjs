import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { build } from 'esbuild'
import { root } from '../lib/workspace.mjs'
import { instrumented } from './places.mjs'

/** @typedef {import('./tester.mjs').Verdict} Verdict */
/** A test file: how long it takes when nothing is wrong, how many mutants it has caught, and which functions of the source it reaches. @typedef {{ file: string, ms: number, catches: number, reached: Set<number> }} Test */

/** Test files that take longer try no mutants. */
const LIMIT_MS = 20_000

/** What takes so many times as long as without a mistake goes on forever. */
const TIMES_SLOWER = 5
const LEAST_LIMIT_MS = 20_000

/** The test files of the source's own package that import it, whatever lies between. @param {string} path */
async function testsThatImport(path) {
  const [, name = ''] = /packages\/([^/]+)\//.exec(relative(root, path).replaceAll('\\', '/')) ?? []
  const folder = join(root, 'packages', name)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /^(src|test)[\\/].*(?<!\.deep)\.test\.ts$/.test(file),
  )
  const { metafile } = await build({
    entryPoints: files.map((file) => join(folder, file)),
    bundle: true,
    write: false,
    outdir: root,
    metafile: true,
    platform: 'node',
    format: 'esm',
    conditions: ['source'],
    logLevel: 'silent',
    external: ['vitest', 'esbuild', 'vite', 'fast-check', 'typescript'],
    absWorkingDir: root,
  })
  return Object.values(metafile.outputs)
    .filter(({ inputs }) => Object.keys(inputs).some((input) => resolve(root, input) === path))
    .map(({ entryPoint = '' }) => resolve(root, entryPoint))
}

/** The process that runs tests; it is started again after it had to be killed. */
class Tester {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child

  /** @param {import('./tester.mjs').Order} order @param {number} limitMs @param {string} [reached] file for what the tests reach @returns {Promise<Verdict>} */
  async run(order, limitMs, reached) {
    const env = { ...process.env, UPON_MUTANTS_REACHED: reached }
    this.#child ??= fork(new URL('./tester.mjs', import.meta.url), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], env })
    const child = this.#child
    const ended = new AbortController()
    child.send(order)
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
    try {
      const dies = once(child, 'exit', ended).then(() => undefined)
      const says = once(child, 'message', ended).then(([verdict]) => verdict)
      const verdict = await Promise.race([dies, says])
      if (verdict === undefined) this.#child = undefined
      return verdict ?? { failed: `no end within ${limitMs / 1000} s`, took: [] }
    } finally {
      clearTimeout(timer)
      ended.abort()
    }
  }

  close() {
    this.#child?.kill('SIGKILL')
    this.#child = undefined
  }
}

/** Tries mutants of one source under the tests that reach them. */
export class Tests {
  #path
  #tests
  #tester = new Tester()

  /** @param {string} path @param {Test[]} tests */
  constructor(path, tests) {
    this.#path = path
    this.#tests = tests
  }

  /**
   * Throws if no test of its package imports the source, or if they fail as it is.
   * @param {string} path @param {string} source @param {number} endsAtMs until when its tests must have run
   * @returns {Promise<Tests | undefined>} nothing if they have not
   */
  static async of(path, source, endsAtMs) {
    const files = await testsThatImport(path)
    if (files.length === 0) throw new Error(`no test of its package imports it`)
    const folder = await mkdtemp(join(tmpdir(), 'upon-mutants-'))
    const tester = new Tester()
    try {
      const notes = join(folder, 'reached')
      const order = { path, text: instrumented(source), files }
      const { failed, took } = await tester.run(order, Math.min(endsAtMs - Date.now(), 600_000), notes)
      if (took.length === 0) return undefined
      if (failed !== undefined) throw new Error(`its tests fail as it is: ${failed}`)
      return new Tests(path, testsFrom(took, readFileSync(notes, 'utf8')))
    } finally {
      tester.close()
      await rm(folder, { recursive: true })
    }
  }

  get files() {
    return this.#tests.map(({ file }) => file)
  }

  /** Whether a test fails that reaches this place, quickest first. @param {string} text @param {number | undefined} place of the mistake; none is reached by all @returns {Promise<import('./try.mjs').Outcome>} */
  async try(text, place) {
    const tests = this.#tests
      .filter(({ reached }) => place === undefined || reached.has(place))
      .sort((a, b) => a.ms / (1 + a.catches) - b.ms / (1 + b.catches))
    if (tests.length === 0) return { caught: undefined, schedules: 0, entries: [] }
    const limitMs = LEAST_LIMIT_MS + TIMES_SLOWER * tests.reduce((sum, { ms }) => sum + ms, 0)
    const { failed, file } = await this.#tester.run({ path: this.#path, text, files: tests.map(({ file }) => file) }, limitMs)
    for (const test of tests) if (test.file === file) test.catches++
    return {
      caught: failed === undefined ? undefined : { by: 'tests', why: failed, entry: failed, schedules: 0 },
      schedules: 0,
      entries: [],
    }
  }

  close() {
    this.#tester.close()
  }
}

/** @param {Verdict['took']} took @param {string} notes a line of JSON for each file @returns {Test[]} */
function testsFrom(took, notes) {
  const lines = notes
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  // what runs while a module is loaded is seen in the first file that loads it, and can be caught in any
  const atLoad = lines.flatMap((line) => line.atLoad)
  return took
    .filter(([, ms]) => ms < LIMIT_MS)
    .map(([file, ms]) => {
      const { reached = [] } = lines.find(({ test }) => test === file) ?? {}
      return { file, ms, catches: 0, reached: new Set([...reached, ...atLoad]) }
    })
}
