import { writeFileSync } from 'node:fs'
import { DefaultReporter } from 'vitest/node'

/**
 * What `npm test` shows: a line for each file that has run, with how many are left; failures last. Files in which everything was skipped
 * (`-t`) take no line. When the run was whole it writes the numbers to the file that UPON_TEST_RESULTS names; an interrupted run has none.
 */
export default class Reporter extends DefaultReporter {
  #done = 0
  #total = 0

  /** @override @param {readonly import('vitest/node').TestSpecification[]} specifications */
  onTestRunStart(specifications) {
    this.#total = specifications.length
    super.onTestRunStart(specifications)
  }

  /** @override @param {import('vitest/node').TestModule} module */
  printTestModule(module) {
    this.#done++
    if (module.state() !== 'skipped') super.printTestModule(module)
  }

  /** @override @param {any} entity */
  getEntityPrefix(entity) {
    const { length } = String(this.#total)
    return `${String(this.#done).padStart(length)}/${this.#total} ${super.getEntityPrefix(entity)}`
  }

  /**
   * @override
   * @param {readonly import('vitest/node').TestModule[]} modules @param {readonly import('vitest').SerializedError[]} errors
   * @param {import('vitest/node').TestRunEndReason} reason
   */
  onTestRunEnd(modules, errors, reason) {
    super.onTestRunEnd(modules, errors, reason)
    const file = process.env.UPON_TEST_RESULTS
    if (file !== undefined && reason !== 'interrupted') writeFileSync(file, JSON.stringify(countTests(modules, errors.length)))
  }
}

/**
 * A file that could not be loaded counts as one that failed, and so does an error outside every test.
 * @param {readonly import('vitest/node').TestModule[]} modules @param {number} unhandledErrors
 */
function countTests(modules, unhandledErrors) {
  const count = { passed: 0, failed: unhandledErrors }
  for (const module of modules) {
    let failed = 0
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      if (state === 'passed') count.passed++
      else if (state === 'failed') failed++
    }
    count.failed += failed === 0 && module.state() === 'failed' ? 1 : failed
  }
  return count
}
