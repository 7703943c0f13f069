import { describe, InvalidHistory, isPending, type Operation, precedes, responseOf, validate } from './history'

/** `conflict` is the read, and the writes that it had to do with. */
export type RegularVerdict<V = number> =
  | { readonly outcome: 'holds' }
  | { readonly outcome: 'violated'; readonly conflict: readonly Operation<V>[]; readonly reason: string }

/**
 * Whether a history of one writer is regular (ONRR2): a read returns the value of the last write that ended before it, or of a write that overlaps it.
 * A read may return what an earlier read's value was overwritten by, and the next read the old value again. A write that never ended overlaps all
 * that comes after its invocation. Throws InvalidHistory where writes overlap, or an operation ends before it begins.
 */
export function regularRegister<V>(history: readonly Operation<V>[]): RegularVerdict<V> {
  return judge(history, (read, last, overlapping) => {
    const allowed = [last, ...overlapping]
    if (allowed.some((write) => write?.value === read.value)) return undefined
    const others = overlapping.length === 0 ? '' : `, and none of the ${overlapping.length} that overlap it wrote that`
    return `${describe(read)}, but ${before(last)}${others}`
  })
}

/** Whether a history of one writer is safe: a read that no write overlaps returns the value of the last write before it; any other, anything. */
export function safeRegister<V>(history: readonly Operation<V>[]): RegularVerdict<V> {
  return judge(history, (read, last, overlapping) =>
    overlapping.length > 0 || last?.value === read.value ? undefined : `${describe(read)}, overlapped by no write, but ${before(last)}`,
  )
}

const before = <V>(last: Operation<V> | undefined): string =>
  last ? `the last write that ended before it is ${describe(last)}` : 'no write ended before it'

type Rule<V> = (read: Operation<V>, last: Operation<V> | undefined, overlapping: readonly Operation<V>[]) => string | undefined

function judge<V>(history: readonly Operation<V>[], rule: Rule<V>): RegularVerdict<V> {
  validate(history)
  const writes = history.filter(({ kind }) => kind === 'write')
  const completed = writes.filter((write) => !isPending(write)).sort((a, b) => a.invokedAtMs - b.invokedAtMs)
  const pending = writes.filter(isPending)
  completed.forEach((write, i) => {
    const next = completed[i + 1]
    if (next && !precedes(write, next)) throw new InvalidHistory(`${describe(write)} overlaps ${describe(next)}; expected one writer`)
  })
  for (const read of history) {
    if (read.kind === 'write' || isPending(read)) continue
    const from = countBefore(completed, (write) => precedes(write, read))
    const to = countBefore(completed, (write) => write.invokedAtMs <= responseOf(read))
    const overlapping = [...completed.slice(from, to), ...pending.filter((write) => write.invokedAtMs <= responseOf(read))]
    const last = completed[from - 1]
    const reason = rule(read, last, overlapping)
    if (reason !== undefined) return { outcome: 'violated', conflict: [...(last ? [last] : []), ...overlapping, read], reason }
  }
  return { outcome: 'holds' }
}

/** How many at the beginning of `sorted` satisfy what no later one does once one does not. */
function countBefore<T>(sorted: readonly T[], holds: (item: T) => boolean): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(sorted[middle]!)) low = middle + 1
    else high = middle
  }
  return low
}
