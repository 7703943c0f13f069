import { expect, test } from 'vitest'
import { bruteForce, deep, expectOrder, randomHistory, seeded, storm, withStaleRead } from '../../test/histories'
import { Budget } from '../budget'
import { cutAt, type Operation, responseOf } from '../history'
import { linearizable, linearizableObject } from '../index'
import { asObjectHistory, registerModel } from '../object/register-model'
import { decideBySweep } from './decide-register'
import { decideByZones } from './zones'

/** Checks the evidence of a verdict: the order, or that the prefix and the conflict have none. */
function expectProven(history: readonly Operation[], legal: boolean, verdict: ReturnType<typeof linearizable>): void {
  expect(verdict.outcome).toBe(legal ? 'linearizable' : 'not-linearizable')
  if (verdict.outcome === 'undecided') return
  if (verdict.outcome === 'linearizable') {
    expectOrder(
      history,
      verdict.order.map(({ operation }) => operation),
    )
    return
  }
  expect(bruteForce(verdict.conflict)).toBe(false)
  expect(bruteForce(cutAt(history, verdict.untilMs, new Map()))).toBe(false)
  const earlier = history.map(responseOf).filter((endMs) => endMs < verdict.untilMs)
  if (earlier.length > 0) expect(bruteForce(cutAt(history, Math.max(...earlier), new Map()))).toBe(true)
}

test('the sweep agrees with the definition on small histories, and gives evidence', () => {
  const count = { legal: 0, illegal: 0 }
  for (let seed = 1; seed <= deep(800, 12_000); seed += 1) {
    const history = randomHistory(seeded(seed))
    const legal = bruteForce(history)
    count[legal ? 'legal' : 'illegal'] += 1
    expectProven(history, legal, linearizable(history, { method: 'sweep' }))
    expectProven(history, legal, linearizable(history))
  }
  expect(Math.min(count.legal, count.illegal)).toBeGreaterThan(200)
})

test('sweep, general search and, for unique values, zones agree on histories of up to 24 operations', () => {
  const count = { legal: 0, illegal: 0 }
  for (let seed = 1; seed <= deep(400, 6000); seed += 1) {
    const random = seeded(seed)
    const shape = {
      clients: 2 + random(5),
      count: 8 + random(17),
      values: random(5),
      pendingPermille: random(300),
      readsPercent: 30 + random(40),
    }
    const made = storm({ ...shape, tickMs: random(3) }, random)
    const history = random(4) === 0 ? made : withStaleRead(made, 12, random)
    const searched = linearizableObject(registerModel<number>(), asObjectHistory(history)).outcome
    const swept = decideBySweep(history, new Budget())
    expect(swept === 'limit' ? swept : 'order' in swept ? 'linearizable' : 'not-linearizable').toBe(searched)
    if (typeof swept !== 'string' && 'order' in swept) expectOrder(history, swept.order)
    const zones = decideByZones(history)
    if (zones) expect(zones.outcome).toBe(searched)
    count[searched === 'linearizable' ? 'legal' : 'illegal'] += 1
  }
  expect(Math.min(count.legal, count.illegal)).toBeGreaterThan(60)
})

test.each([
  [3, 0],
  [5, 300],
  [20, 100],
  [20, 300],
  [200, 100],
])('12 clients, 5,000 operations of %i values, %i in 1,000 never answered: decided, in few steps', (values, pendingPermille) => {
  for (const tickMs of deep(1, 2) === 1 ? [values % 2] : [0, 1]) {
    const random = seeded(values + pendingPermille)
    const history = storm({ clients: 12, count: 5000, values, pendingPermille, readsPercent: 50, tickMs }, random)
    const verdict = linearizable(history, { limitSteps: 2_000_000 })
    expect(verdict.outcome).toBe('linearizable')
    const broken = [...cutAt(history, 900, new Map()), ...impossible(900)]
    expect(linearizable(broken, { limitSteps: 2_000_000 })).toMatchObject({ outcome: 'not-linearizable', untilMs: 907 })
  }
})

/** Two values in turn, each written once, the first read again. */
const impossible = (from: number): Operation[] => [
  { process: 'a', kind: 'write', value: -1, invokedAtMs: from + 1, respondedAtMs: from + 2 },
  { process: 'a', kind: 'write', value: -2, invokedAtMs: from + 3, respondedAtMs: from + 8 },
  { process: 'b', kind: 'read', value: -2, invokedAtMs: from + 4, respondedAtMs: from + 5 },
  { process: 'b', kind: 'read', value: -1, invokedAtMs: from + 6, respondedAtMs: from + 7 },
]

test('gives up when the budget is exhausted', () => {
  const history = storm({ clients: 12, count: 500, values: 5, pendingPermille: 100, readsPercent: 50, tickMs: 0 }, seeded(3))
  const verdict = linearizable(history, { limitSteps: 100 })
  expect(verdict).toEqual({ outcome: 'undecided', reason: expect.stringContaining('100 steps') })
})
