import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'
import { root } from '../lib/workspace.mjs'

/** @typedef {import('../../packages/catalogue/test/mutants/trial.ts').Outcome} Outcome */
/** @typedef {import('../../packages/catalogue/test/mutants/trial.ts').Budget} Budget */

/** A trial of the whole catalogue in which one file says something else. @param {string} path @param {string} contents */
async function bundleWith(path, contents) {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'packages/catalogue/test/mutants/trial.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['source'],
    logLevel: 'silent',
    plugins: [
      {
        name: 'mutation',
        setup: ({ onLoad }) => onLoad({ filter: /\.ts$/ }, (args) => (args.path === path ? { contents, loader: 'ts' } : undefined)),
      },
    ],
  })
  return outputFiles[0]?.text ?? ''
}

/**
 * Whether anything catches the catalogue with that file in the place of its own.
 * @param {string} path @param {string} contents @param {readonly string[]} algorithms those that depend on it @param {Budget} budget
 * @param {number} limitMs after which it is taken to go on forever
 * @returns {Promise<Outcome>}
 */
export async function tryWith(path, contents, algorithms, budget, limitMs) {
  const folder = await mkdtemp(join(tmpdir(), 'upon-mutant-'))
  try {
    const file = join(folder, 'trial.mjs')
    await writeFile(file, await bundleWith(path, contents))
    return await runTrial({ bundle: pathToFileURL(file).href, algorithms, budget }, limitMs)
  } catch (error) {
    return crash(String(error)) // it does not even parse
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** @param {string} why @returns {Outcome} */
const crash = (why) => ({ caught: { by: 'crash', why, entry: '', schedules: 0 }, schedules: 0, entries: [] })

/** @param {unknown} workerData @param {number} limitMs @returns {Promise<Outcome>} */
const runTrial = (workerData, limitMs) =>
  new Promise((resolve) => {
    const worker = new Worker(new URL('./worker.mjs', import.meta.url), { workerData })
    const timer = setTimeout(() => {
      void worker.terminate()
      resolve(crash(`no end after ${limitMs / 1000} s`))
    }, limitMs)
    worker.once('message', resolve)
    worker.once('error', (error) => resolve(crash(error.message)))
    worker.once('exit', () => clearTimeout(timer))
  })
