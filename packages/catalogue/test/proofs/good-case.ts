import type { ProcessId } from '@upon/contract'
import { type Operation, type Run, type Scenario, simulate } from '@upon/simulator'

/** A run in which nothing fails and every message takes 1 ms. */
export const runPlanOf = <O>(
  { setup }: Scenario<O>,
  processes: number,
  operations: (processes: readonly ProcessId[]) => readonly Operation<O>[],
): Run => {
  const names = Array.from({ length: processes }, (_, i) => `p${i + 1}`)
  return simulate<O>({ processes, seed: 1, setup, schedule: { kind: 'fixed', delayMs: 1 }, operations: operations(names) })
}
