import type { AtomicRegister, Outside, ProcessId } from '@upon/contract'
import type { Operation } from '../plan'
import type { Random } from '../random'
import type { Perform } from '../simulate'
import type { SimulatedProcess } from '../simulated-process'

export type RegisterOperation = { readonly kind: 'read' } | { readonly kind: 'write'; readonly value: number }

/** A client that reads and writes, one operation at a time. */
export function registerClient(
  { upon }: Pick<SimulatedProcess, 'upon'>,
  register: Outside<AtomicRegister, number>,
): Perform<RegisterOperation> {
  let completed = () => {}
  upon(register.readReturn, () => completed())
  upon(register.writeReturn, () => completed())
  return (operation, done) => {
    completed = done
    if (operation.kind === 'read') register.read()
    else register.write(operation.value)
  }
}

/** One to four reads and writes a process, of values that are all different, with pauses in between or without. */
export function readsAndWrites(random: Random, processes: readonly ProcessId[]): Operation<RegisterOperation>[] {
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
