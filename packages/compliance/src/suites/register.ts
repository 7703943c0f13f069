import { AtomicRegister, type Outside, type ProcessId, type RegularRegister } from '@upon/contract'
import type { Operation, Perform, Random } from '@upon/simulator'
import { type Host, run, type Suite, type Tested } from '../suite'

export type RegisterOperation = { readonly kind: 'read' } | { readonly kind: 'write'; readonly value: number }

/** A client that reads and writes, one operation at a time. */
function client(process: Host, algorithm: Tested<RegularRegister>): Perform<RegisterOperation> {
  const register: Outside<RegularRegister, number> = run(process, algorithm)
  let completed = () => {}
  process.upon(register.readReturn, () => completed())
  process.upon(register.writeReturn, () => completed())
  return (operation, done) => {
    completed = done
    if (operation.kind === 'read') register.read()
    else register.write(operation.value)
  }
}

/** One to four reads and writes a process, of values that are all different, with pauses in between or without. */
function readsAndWrites(random: Random, processes: readonly ProcessId[]): Operation<RegisterOperation>[] {
  const pauseUs = random.pick([0, 1_000, 10_000])
  const writesPercent = random.pick([20, 50, 80])
  let value = 0
  return processes.flatMap((process) =>
    Array.from({ length: random.between(1, 4) }, () => {
      const operation = random.chance(writesPercent) ? { kind: 'write' as const, value: ++value } : { kind: 'read' as const }
      return { process, afterMs: random.below(pauseUs + 1) / 1000, operation }
    }),
  )
}

export const atomicRegister: Suite<AtomicRegister, RegisterOperation> = {
  module: AtomicRegister,
  start: client,
  operations: readsAndWrites,
  few: ([p = '', q = '']) => [
    { process: p, afterMs: 0, operation: { kind: 'write', value: 1 } },
    { process: q, afterMs: 0, operation: { kind: 'read' } },
  ],
}
