import type { TestRunner } from '../src'

/** A test runner that keeps what went wrong, by test. */
export function results(body: (runner: TestRunner) => void): Map<string, string | undefined> {
  const found = new Map<string, string | undefined>()
  body({
    describe: (_name, tests) => tests(),
    it: (name, test) => {
      try {
        test()
        found.set(name, undefined)
      } catch (error) {
        found.set(name, (error as Error).message)
      }
    },
  })
  return found
}
