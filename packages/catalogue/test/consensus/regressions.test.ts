import { judge, type Plan } from '@upon/simulator'
import { describe, expect, it } from 'vitest'
import { type Entry, find } from '../../src'
import { scenarioIn } from '../../src/load'
import { catalogueWith, cleanUp } from '../mutants/build'
import type { Mutation } from '../mutants/mutant'

cleanUp()

/** A schedule under which an algorithm was wrong, and the line that mends it. */
interface Regression extends Mutation {
  readonly what: string
  readonly algorithm: string
  readonly property: string
  readonly plan: Plan
}

const proposals = (text: string) =>
  text.split(' ').map((each) => ({ process: `p${each[0]}`, afterMs: 0, operation: { propose: Number(each[2]) } }))

const regressions: readonly Regression[] = [
  {
    what: 'a leader decides more than it has sent itself, and forgets it as decided by all',
    algorithm: 'leader-driven-sequence-in-a-narrow-window',
    property: 'no handler throws',
    file: 'consensus/src/sequence/leader.ts',
    line: 'peer.next = Math.max(peer.next, decided + 1)',
    wrong: '',
    plan: {
      seed: 814,
      processes: ['p1', 'p2', 'p3', 'p4', 'p5'],
      operations: proposals('1:0 1:1 1:2 3:4 3:5 4:6'),
      faults: [],
      schedule: { kind: 'fixed', delayMs: 1 },
      stabilisationMs: 600,
      boundMs: 10,
      deviations: {
        'p1>p5 seq.pl[0] 3': 12,
        'p3>p5 seq.pl[0] 2': 9,
        'p5>p1 seq.pl[0] 1': 4,
        'p5>p4 seq.pl[0] 1': 3,
        'p2>p5 seq.pl[0] 1': 9,
        'p5>p4 seq.pl[0] 3': 5,
        'p5>p4 seq.pl[0] 4': 3,
      },
    },
  },
  {
    what: 'a leader suspects itself before it has proposed',
    algorithm: 'rotating-coordinator',
    property: 'UC1',
    file: 'consensus/src/uniform/rotating-coordinator.ts',
    line: 'p !== self && state.suspected',
    wrong: 'state.suspected',
    plan: {
      seed: 147,
      processes: ['p1', 'p2', 'p3'],
      operations: [1, 2, 0].map((operation, i) => ({ process: `p${i + 1}`, afterMs: i === 0 ? 19 : 0, operation })),
      faults: [],
      schedule: { kind: 'fixed', delayMs: 1 },
      stabilisationMs: 20,
      boundMs: 25,
    },
  },
]

const violation = (entry: Entry | undefined, plan: Plan) => judge(scenarioIn(entry as Entry, 'adversarial'), plan).violation

describe.each(regressions)('$algorithm, where $what', ({ algorithm, property, plan, ...mutation }) => {
  it('holds', () => expect(violation(find(algorithm), plan)).toBeUndefined())

  it(`without the line that mends it violates: ${property}`, async () => {
    const mutated = await catalogueWith(mutation)
    expect(violation(mutated.find(algorithm), plan)?.property).toBe(property)
  })
})
