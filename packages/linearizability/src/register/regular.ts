import { describe, isPending, type Operation, precedes, responseOf, show, validate } from '../history'
import { Writes } from './writes'

/** `conflict` has the read, the relevant writes, and for ordering the earlier read. */
export type RegularVerdict<V = number> =
  | { readonly outcome: 'holds' }
  | { readonly outcome: 'violated'; readonly conflict: readonly Operation<V>[]; readonly reason: string }

/**
 * Whether a history of one writer is regular (ONRR2): a read returns the value of the last write that ended before it, or of a write that overlaps it.
 * So a read may return a new value and a later read the old one again. A write that never ended overlaps all
 * operations after its invocation. O(n log n). Throws InvalidHistory if writes overlap, or an operation ends before it begins.
 */
export function regularRegister<V>(history: readonly Operation<V>[]): RegularVerdict<V> {
  return judge(history, (read, writes) => writes.lastBefore(read)?.value === read.value || writes.someOverlapWrote(read))
}

/** Whether a history of one writer is safe: a read that no write overlaps returns the value of the last write before it; other reads may return anything. */
export function safeRegister<V>(history: readonly Operation<V>[]): RegularVerdict<V> {
  return judge(history, (read, writes) => writes.lastBefore(read)?.value === read.value || writes.overlapping(read).length > 0)
}

function judge<V>(history: readonly Operation<V>[], isAllowed: (read: Operation<V>, writes: Writes<V>) => boolean): RegularVerdict<V> {
  validate(history)
  const writes = new Writes(history)
  const read = history.find((operation) => operation.kind === 'read' && !isPending(operation) && !isAllowed(operation, writes))
  if (read === undefined) return { outcome: 'holds' }
  const [last, overlapping] = [writes.lastBefore(read), writes.overlapping(read)]
  const before = last ? `the last write that ended before it is ${describe(last)}` : 'no write ended before it'
  const conflict = [...(last ? [last] : []), ...overlapping, read]
  return { outcome: 'violated', conflict, reason: `${describe(read)}, but ${before}, and ${others(overlapping.length)}` }
}

const others = (overlapping: number): string =>
  overlapping === 0
    ? 'no write overlaps it'
    : overlapping === 1
      ? 'the write that overlaps it wrote another value'
      : `none of the ${overlapping} writes that overlap it wrote that`

/**
 * Whether the reads of a history of one writer are ordered (ONAR3): if a read ended before another began, the write that the second returns did not
 * end before the one that the first returns began. If values repeat, a read counts as returning the earliest possible write. This together with
 * `regularRegister` holds for exactly the linearizable histories, provided that all writes but the last ended. Reads of values that were never written
 * are ignored. O(n log n). Throws like `regularRegister`.
 */
export function orderedReads<V>(history: readonly Operation<V>[]): RegularVerdict<V> {
  validate(history)
  const writes = new Writes(history)
  const reads = history.filter((operation) => operation.kind === 'read' && !isPending(operation)).sort(byInvocation)
  const ended = [...reads].sort((a, b) => responseOf(a) - responseOf(b))
  const returned = new Map<Operation<V>, Operation<V>>()
  let newest: { readonly read: Operation<V>; readonly write: Operation<V> } | undefined
  let next = 0
  for (const read of reads) {
    for (; precedes(ended[next]!, read); next++) {
      const write = returned.get(ended[next]!)
      if (write && !(newest && newest.write.invokedAtMs >= write.invokedAtMs)) newest = { read: ended[next]!, write }
    }
    const write = writes.returnedBy(read, newest?.write)
    if (write === 'none') continue
    if (write) returned.set(read, write)
    if (!newest || (write && !precedes(write, newest.write))) continue
    const older = `${show(read.value)} ${write ? 'was written' : 'was there'} before ${show(newest.write.value)}`
    const reason = `${describe(newest.read)} ended before ${describe(read)} began, but ${older} (new-old inversion)`
    return { outcome: 'violated', conflict: [...(write ? [write] : []), newest.write, newest.read, read], reason }
  }
  return { outcome: 'holds' }
}

const byInvocation = <V>(a: Operation<V>, b: Operation<V>): number => a.invokedAtMs - b.invokedAtMs
