import { traceOf } from '@upon/trace'
import { expect, test } from 'vitest'
import { SL1 } from './links'

test.each([
  [2, 'cut', true],
  [3, 'cut', 'unknown'],
  [2, 'quiescent', true],
  [3, 'quiescent', false],
] as const)('SL1: two deliveries, where %i count as forever, in a run that is %s: %s', (deliveriesForEver, end, holds) => {
  const twice = 'p1 > send "p2" "a"\np2 < deliver "p1" "a"\np2 < deliver "p1" "a"'
  expect(SL1(traceOf('sl: StubbornPointToPointLinks', twice, end), 'sl', { deliveriesForEver }).holds).toBe(holds)
})

test('SL1 requires nothing of a process that crashed', () => {
  const trace = traceOf('sl: StubbornPointToPointLinks', 'p1 > send "p2" "a"\np3 > send "p1" "b"\np2 crash\np3 crash')
  expect(SL1(trace, 'sl').holds).toBe(true)
})
