import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runNode } from './tool.mjs'
import { readJson, root } from './workspace.mjs'

/**
 * `N passed, N failed`, from the results that vitest wrote. A file that could not be loaded counts as one that failed, and so does
 * a run that failed outside every test.
 * @param {string} file @param {number} exitCode
 */
export const countTests = (file, exitCode) => {
  if (!existsSync(file)) return '0 passed, 1 failed'
  const { numPassedTests, numFailedTests, testResults } = readJson(file)
  const isBroken = (/** @type {any} */ { status, assertionResults }) =>
    status === 'failed' && !assertionResults.some((/** @type {any} */ test) => test.status === 'failed')
  const failed = numFailedTests + testResults.filter(isBroken).length
  return `${numPassedTests} passed, ${failed === 0 && exitCode !== 0 ? 1 : failed} failed`
}

/**
 * Runs vitest and closes with a line of numbers.
 * @param {string[]} args passed to vitest
 * @returns {Promise<number>} its exit code
 */
export const runTests = async (args) => {
  const results = join(root, '.upon', `test-results-${process.pid}.json`)
  mkdirSync(join(root, '.upon'), { recursive: true })
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const exitCode = await runNode(vitest, ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${results}`, ...args])
  console.log(countTests(results, exitCode))
  rmSync(results, { force: true })
  return exitCode
}
