// Before each test file that tries mutants: notes which functions of the source its tests reach (`globalThis.uponReached` is called by each).
import { appendFileSync } from 'node:fs'
import { afterAll, beforeAll, expect } from 'vitest'

const file = process.env.UPON_MUTANTS_REACHED
if (file !== undefined) {
  /** @type {Set<number>} */
  const reached = new Set()
  /** @type {number[]} */
  let atLoad = []
  Object.assign(globalThis, { uponReached: (/** @type {number} */ place) => reached.add(place) })
  beforeAll(() => {
    atLoad = [...reached]
  })
  afterAll(() => appendFileSync(file, `${JSON.stringify({ test: expect.getState().testPath, reached: [...reached], atLoad })}\n`))
}
