import { expect, test } from 'vitest'
import { bruteForce, expectOrder, randomHistory, seeded } from './histories'
import { decideBySweep } from './registers'

const budget = { limitSteps: 1e7, limitMs: 60_000, limitBytes: 1e8 }

test('sweep agrees with definition', () => {
  let [yes, no] = [0, 0]
  const N = Number(process.env.N ?? 20000)
  for (let seed = 1; seed <= N; seed += 1) {
    const history = randomHistory(seeded(seed))
    const found = decideBySweep(history, budget)
    const legal = bruteForce(history)
    if (found === 'limit' || 'order' in found !== legal) { console.log(seed, legal, JSON.stringify(history), found) ; expect(seed).toBe(0) }
    if (legal) yes++; else no++
    if (legal && 'order' in found) expectOrder(history, found.order)
  }
  console.log(yes, no)
})
