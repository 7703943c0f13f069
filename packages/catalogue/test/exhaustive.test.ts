import { exhaustive } from '@upon/compliance'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../src'

/** How much of each can be visited in a few seconds. */
const LIMIT = 5_000

const explored = catalogue.filter(({ options }) => options.over === undefined)

describe.each(explored)('$name: holds in every schedule of', ({ suite, algorithm, options }) => {
  it.each(options.systems ?? [{ processes: 2 }])('%o', (system) => {
    const { states, ends, isComplete, counterexample } = exhaustive(suite, algorithm, { ...system, limitStates: LIMIT })
    expect(counterexample).toBeUndefined()
    expect({ states, ends, isComplete }).toMatchSnapshot()
  })
})
