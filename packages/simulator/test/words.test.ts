import { expect, it } from 'vitest'
import { describePlan, type Plan } from '../src'
import { stepsOf } from '../src/plan/words'
import { roundedPlan } from '../src/seeds/rounded'

const plan: Plan = {
  seed: 1,
  processes: ['p1', 'p2', 'p3'],
  operations: [
    { process: 'p1', afterMs: 0, operation: { kind: 'write', value: 3 } },
    { process: 'p1', afterMs: 2.345, operation: { kind: 'read' } },
    { process: 'p2', afterMs: 0, operation: { to: 'p3', m: 0 } },
  ],
  faults: [
    { kind: 'crash', process: 'p1', atMs: 31.631, lostPercent: 100 },
    { kind: 'crash', process: 'p2', afterSends: 4, lostPercent: 50 },
    { kind: 'crash', process: 'p3', atEnd: true },
    { kind: 'start', process: 'p3', atMs: 2.5 },
    { kind: 'partition', groups: [['p1', 'p2'], ['p3']], fromMs: 1.5, toMs: 20 },
    { kind: 'block', from: ['p1'], to: ['p2'], fromMs: 3 },
  ],
  schedule: { kind: 'fixed', delayMs: 1 },
  deviations: { 'p3>p2 rb.beb.pl 1': 59.856 },
  stabilisationMs: 60,
  boundMs: 10,
}

it('a plan is described in words', () => {
  expect(stepsOf(plan)).toMatchInlineSnapshot(`
    [
      "p1: write 3, at once",
      "p1: read, 2.3 ms after that",
      "p2: to "p3", m 0, at once",
      "p1 crashes at 31.6 ms, and each of its messages under way is lost",
      "p2 crashes right after its message 4 to another process, and with a chance of 50 %, each of its messages under way is lost",
      "p3 crashes in the end, as ever again",
      "p3 starts at 2.5 ms",
      "nothing passes between p1 p2 | p3 from 1.5 to 20 ms",
      "nothing passes from p1 to p2 from 3 ms forever",
      "message 1 from p3 to p2 over rb.beb.pl takes 59.9 ms",
      "every other message takes 1 ms",
    ]
  `)
  expect(describePlan(plan)).toMatchInlineSnapshot(
    `"3 processes, 3 operations; 3 × crash, start, partition, block; messages take 1 ms, except for 1; from 60 ms on, a message takes 10 ms at most"`,
  )
})

it('a plan is rounded as a whole, or in one place', () => {
  const { operations, faults, deviations } = roundedPlan(plan, () => true)
  expect(operations.map(({ afterMs }) => afterMs)).toEqual([0, 2, 0])
  expect(faults[0]).toEqual({ kind: 'crash', process: 'p1', atMs: 32, lostPercent: 100 })
  expect(deviations).toEqual({ 'p3>p2 rb.beb.pl 1': 60 })
  expect(roundedPlan(plan, (i) => i === 1)).toEqual({
    ...plan,
    operations: plan.operations.map((o, i) => (i === 1 ? { ...o, afterMs: 2 } : o)),
  })
})
