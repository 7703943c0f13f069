import { type Operation, precedes, relevant, responseOf } from './history'
import { Search } from './search'

/**
 * A small part of a history that is not linearizable, itself not linearizable. Each step keeps that sound, since it would turn a linearizable history into a
 * linearizable one: cutting off the end, leaving out reads, *all* operations on a value, or a write that no read can have read from.
 * `limitSteps` bounds each search.
 */
export function smallestConflict<V>(history: readonly Operation<V>[], limitSteps: number): Operation<V>[] {
  const fails = (part: readonly Operation<V>[]): boolean => new Search(relevant(part)).run(limitSteps) === 'none'
  const original = new Map<Operation<V>, Operation<V>>()
  const cut = (atMs: number): Operation<V>[] =>
    history
      .filter(({ invokedAtMs }) => invokedAtMs <= atMs)
      .map((operation) => {
        if (responseOf(operation) <= atMs) return operation
        const pending = { ...operation, respondedAtMs: undefined }
        original.set(pending, operation)
        return pending
      })
  let part = relevant(shortestPrefix(history, cut, fails))
  const values = [...new Set(part.map(({ value }) => value))]
  const kept = new Set(minimal(values, (some) => fails(onValues(part, new Set(some)))))
  part = onValues(part, kept)
  const reads = part.filter(({ kind }) => kind === 'read')
  const keptReads = new Set(minimal(reads, (some) => fails(withReads(part, new Set(some)))))
  return withoutObsolete(withReads(part, keptReads)).map((operation) => original.get(operation) ?? operation)
}

const onValues = <V>(part: readonly Operation<V>[], values: ReadonlySet<V | undefined>): Operation<V>[] =>
  part.filter(({ value }) => values.has(value))

const withReads = <V>(part: readonly Operation<V>[], reads: ReadonlySet<Operation<V>>): Operation<V>[] =>
  part.filter((operation) => operation.kind === 'write' || reads.has(operation))

/** Leaves out writes that every read of the value precedes, or follows with another value in between; one write of each value stays, to be shown. */
function withoutObsolete<V>(part: readonly Operation<V>[]): Operation<V>[] {
  const writes = part.filter(({ kind }) => kind === 'write')
  const reads = part.filter(({ kind }) => kind === 'read')
  const overwritten = (write: Operation<V>, read: Operation<V>): boolean =>
    writes.some((other) => other.value !== write.value && precedes(write, other) && precedes(other, read))
  let rest = [...part]
  for (const write of writes) {
    const last = !rest.some((other) => other !== write && other.kind === 'write' && other.value === write.value)
    const readers = reads.filter((read) => read.value === write.value)
    if (!last && readers.every((read) => precedes(read, write) || overwritten(write, read))) rest = rest.filter((other) => other !== write)
  }
  return rest
}

function shortestPrefix<V>(
  history: readonly Operation<V>[],
  cut: (atMs: number) => Operation<V>[],
  fails: (part: readonly Operation<V>[]) => boolean,
): Operation<V>[] {
  const ends = history.map(responseOf).sort((a, b) => a - b)
  let [low, high] = [0, ends.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (fails(cut(ends[middle]!))) high = middle
    else low = middle + 1
  }
  return cut(ends[low]!)
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
