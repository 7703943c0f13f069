import type { ProcessId } from '@upon/contract'
import { type Operation, orderedReads } from '@upon/linearizability'
import type { Run } from '@upon/simulator'
import type { AlgorithmEvent } from '@upon/trace'

/** The operations of a register's clients. Times are indices of trace entries. */
function operationsIn({ trace }: Run): readonly Operation<unknown>[] {
  const operations: Operation<unknown>[] = []
  const open = new Map<ProcessId, AlgorithmEvent>()
  const add = ({ process, event, index, attributes }: AlgorithmEvent, end?: AlgorithmEvent) => {
    const [kind, value] = event === 'write' ? (['write', attributes[0]] as const) : (['read', end?.attributes[0]] as const)
    operations.push({ process, kind, value, invokedAtMs: index, respondedAtMs: end?.index })
  }
  for (const entry of trace.entries) {
    if (entry.type !== 'event' || entry.path.includes('.')) continue
    const begun = open.get(entry.process)
    if (entry.direction === 'request') open.set(entry.process, entry)
    else if (begun !== undefined) {
      add(begun, entry)
      open.delete(entry.process)
    }
  }
  for (const begun of open.values()) add(begun)
  return operations
}

const endOf = ({ respondedAtMs }: Operation<unknown>) => respondedAtMs ?? Number.POSITIVE_INFINITY
const overlap = (a: Operation<unknown>, b: Operation<unknown>) => a.invokedAtMs < endOf(b) && b.invokedAtMs < endOf(a)
const isCompleteRead = ({ kind, respondedAtMs }: Operation<unknown>) => kind === 'read' && respondedAtMs !== undefined
const isIncompleteWrite = ({ kind, respondedAtMs }: Operation<unknown>) => kind === 'write' && respondedAtMs === undefined

/** A read returned that overlapped at least this many writes. */
export const aReadOverlapped =
  (writes: number) =>
  (run: Run): boolean => {
    const operations = operationsIn(run)
    const isBeside = (read: Operation<unknown>) =>
      operations.filter((other) => other.kind === 'write' && overlap(read, other)).length >= writes
    return operations.some((operation) => isCompleteRead(operation) && isBeside(operation))
  }

/** A correct process completes its operations: a write that never completes was the last of its writer. */
export const aWriterCrashed = (run: Run): boolean => run.end === 'quiescent' && operationsIn(run).some(isIncompleteWrite)

export function aReadReturnedTheIncomplete(run: Run): boolean {
  const operations = operationsIn(run)
  const incomplete = new Set(operations.filter(isIncompleteWrite).map(({ value }) => value))
  return operations.some((operation) => isCompleteRead(operation) && incomplete.has(operation.value))
}

/**
 * A new-old inversion: a read returned a value, and a later one the value before. Regular registers allow it, atomic ones do not. For
 * registers with one writer.
 */
export const newOldInversion = (run: Run): boolean => orderedReads(operationsIn(run)).outcome === 'violated'
