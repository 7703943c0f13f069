// Runs tests with one source replaced, as often as asked: a process of its own, which may have to be killed.
import { root } from '../lib/workspace.mjs'

process.env.CI = 'true' // a snapshot that is missing is a failure, and nothing is written
const { BaseSequencer, createVitest } = await import('vitest/node')

/** What to run: files in this order, with `text` in the place of the source at `path`. @typedef {{ path: string, text: string, files: string[] }} Order */
/** The test that failed, if one did, and its file; how long each file took, loading included. @typedef {{ failed: string | undefined, file?: string | undefined, took: [file: string, ms: number][] }} Verdict */

class AsGiven extends BaseSequencer {
  /** @override @param {import('vitest/node').TestSpecification[]} files */
  sort = async (files) => files
}

/** @type {Order} */
let order = { path: '', text: '', files: [] }

const vitest = await createVitest(
  'test',
  {
    root,
    watch: false,
    reporters: [{}],
    bail: 1,
    fileParallelism: false,
    pool: 'threads',
    sequence: { sequencer: AsGiven },
    setupFiles: [`${root}/scripts/mutants/reached.mjs`],
  },
  { plugins: [{ name: 'mutant', enforce: 'pre', load: (id) => (id === order.path ? order.text : undefined) }] },
)

/** @param {Order} next @returns {Promise<Verdict>} */
async function run(next) {
  for (const path of new Set([order.path, next.path])) vitest.invalidateFile(path)
  order = next
  const found = await vitest.globTestSpecifications(order.files)
  const specifications = order.files.flatMap((file) => found.filter(({ moduleId }) => moduleId === file))
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications)
  const modules = testModules.filter(({ moduleId }) => order.files.includes(moduleId)) // the others are of earlier runs
  const broken = modules.find((module) => !module.ok())
  const test = broken && [...broken.children.allTests('failed')][0]
  const failed = test?.fullName ?? broken?.relativeModuleId ?? (unhandledErrors.length > 0 ? 'an error outside every test' : undefined)
  return { failed, file: broken?.moduleId, took: modules.map((module) => [module.moduleId, elapsed(module)]) }
}

/** @param {import('vitest/node').TestModule} module */
function elapsed(module) {
  const { collectDuration, duration } = module.diagnostic()
  return collectDuration + duration
}

process.on('message', async (/** @type {Order} */ next) => process.send?.(await run(next)))
process.on('disconnect', () => process.exit())
