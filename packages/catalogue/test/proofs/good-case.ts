import type { ProcessId } from '@upon/contract'
import { type ClientOperation, type Fault, type Run, type Scenario, simulate } from '@upon/simulator'

/** A run in which every message takes 1 ms, and nothing fails but the faults given. */
export const runPlanOf = <O>(
  { setup }: Scenario<O>,
  processes: number,
  operations: (processes: readonly ProcessId[]) => readonly ClientOperation<O>[],
  faults: readonly Fault[] = [],
): Run => {
  const names = Array.from({ length: processes }, (_, i) => `p${i + 1}`)
  return simulate<O>({ processes, seed: 1, setup, schedule: { kind: 'fixed', delayMs: 1 }, operations: operations(names), faults })
}
