import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runNode } from './tool.mjs'
import { readJson, root } from './workspace.mjs'

/** The exit code of a program that a signal ended is above this. */
const SIGNALLED = 128

/** The closing line. @param {string} file what the reporter wrote @param {number} exitCode of vitest @param {number} typeErrors */
export const closingLine = (file, exitCode, typeErrors) => {
  if (!existsSync(file)) return exitCode > SIGNALLED ? 'interrupted: the tests were not counted' : '0 passed, 1 failed'
  const { passed, failed } = readJson(file)
  const found = failed + typeErrors
  return `${passed} passed, ${found === 0 && exitCode !== 0 ? 1 : found} failed`
}

/**
 * Runs vitest, and closes with a line of numbers.
 * @param {string[]} args passed to vitest
 * @param {Promise<number>} [typeErrors] how many a check of types beside it finds; they count as failures
 * @returns {Promise<number>} the exit code
 */
export const runTests = async (args, typeErrors = Promise.resolve(0)) => {
  const results = join(root, '.upon', `test-results-${process.pid}.json`)
  mkdirSync(join(root, '.upon'), { recursive: true })
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const reporter = join(root, 'scripts', 'lib', 'reporter.mjs')
  const env = { UPON_TEST_RESULTS: results }
  const exitCode = await runNode(vitest, ['run', `--reporter=${reporter}`, '--hideSkippedTests', ...args], env)
  const errors = exitCode > SIGNALLED ? 0 : await typeErrors
  console.log(closingLine(results, exitCode, errors))
  rmSync(results, { force: true })
  return exitCode || (errors > 0 ? 1 : 0)
}
