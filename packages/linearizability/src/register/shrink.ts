import { Budget } from '../budget'
import { cutAt, type Operation, precedes, relevant, responseOf } from '../history'
import { decideBySweep } from './decide-register'

/** For the whole shrinking. Beyond it the conflict is not as small as possible, but still a conflict. */
const LIMIT_STEPS = 1_000_000

type Fails<V> = (part: readonly Operation<V>[]) => boolean

/**
 * A small part of a history that is not linearizable up to `untilMs`; the part is not linearizable either. Each step is sound, since it turns any
 * linearizable history into a linearizable one: it cuts off the end, or leaves out reads, or writes that no read can have read from.
 */
export function smallestConflict<V>(history: readonly Operation<V>[], untilMs: number): Operation<V>[] {
  const budget = new Budget({ limitSteps: LIMIT_STEPS, limitMs: Number.POSITIVE_INFINITY })
  const fails: Fails<V> = (part) => {
    const decided = decideBySweep(part, budget)
    return decided !== 'limit' && 'untilMs' in decided
  }
  const original = new Map<Operation<V>, Operation<V>>()
  let part = latest(relevant(cutAt(history, untilMs, original)), fails)
  part = withValues(part, fails)
  const reads = minimal(part.filter(isRead), (some) => fails(withReads(part, some)))
  part = withValues(withReads(part, reads), fails)
  return withoutObsolete(part, fails).map((operation) => original.get(operation) ?? operation)
}

const isRead = <V>({ kind }: Operation<V>): boolean => kind === 'read'

/** The last operations to end, and the writes of the values these read: the fewest that still fail, within a factor of two. */
function latest<V>(part: readonly Operation<V>[], fails: Fails<V>): readonly Operation<V>[] {
  const byEnd = [...part].sort((a, b) => (responseOf(a) === responseOf(b) ? 0 : responseOf(b) - responseOf(a)))
  for (let count = 8; count < part.length; count *= 2) {
    const last = new Set(byEnd.slice(0, count))
    const read = new Set([...last].filter(isRead).map(({ value }) => value))
    const some = part.filter((operation) => last.has(operation) || (!isRead(operation) && read.has(operation.value)))
    if (fails(some)) return some
  }
  return part
}

/** The operations on a minimal set of values that still fails. */
function withValues<V>(part: readonly Operation<V>[], fails: Fails<V>): readonly Operation<V>[] {
  const on = (values: readonly (V | undefined)[]): Operation<V>[] => {
    const kept = new Set(values)
    return part.filter(({ value }) => kept.has(value))
  }
  return on(minimal([...new Set(part.map(({ value }) => value))], (some) => fails(on(some))))
}

/** The given reads, and all writes. */
function withReads<V>(part: readonly Operation<V>[], reads: readonly Operation<V>[]): Operation<V>[] {
  const kept = new Set(reads)
  return part.filter((operation) => !isRead(operation) || kept.has(operation))
}

/** Leaves out writes that every read of the value precedes, or follows with another value in between. One write of each value stays for the picture. */
function withoutObsolete<V>(part: readonly Operation<V>[], fails: Fails<V>): readonly Operation<V>[] {
  const writes = part.filter(({ kind }) => kind === 'write')
  const reads = part.filter(isRead)
  const overwritten = (write: Operation<V>, read: Operation<V>): boolean =>
    writes.some((other) => other.value !== write.value && precedes(write, other) && precedes(other, read))
  let rest = part
  for (const write of writes) {
    const last = !rest.some((other) => other !== write && other.kind === 'write' && other.value === write.value)
    const readers = reads.filter((read) => read.value === write.value)
    if (last || !readers.every((read) => precedes(read, write) || overwritten(write, read))) continue
    const without = rest.filter((other) => other !== write)
    if (fails(without)) rest = without
  }
  return rest
}

/** Leaves out chunks of `items`, halving their size, as long as the rest `stillFails`. */
function minimal<T>(items: readonly T[], stillFails: (some: readonly T[]) => boolean): readonly T[] {
  let rest = items
  for (let chunk = Math.ceil(rest.length / 2); chunk >= 1; chunk = chunk === 1 ? 0 : Math.ceil(chunk / 2)) {
    for (let start = 0; start < rest.length; ) {
      const without = [...rest.slice(0, start), ...rest.slice(start + chunk)]
      if (stillFails(without)) rest = without
      else start += chunk
    }
  }
  return rest
}
