import { describe, linearization, type Operation, precedes, relevant, responseOf, show, type Verdict } from './history'

/**
 * All operations on one value: its write and the reads of it. Where values are unique they stand together in every linearization.
 * Source: Gibbons and Korach, Testing Shared Memories, SIAM J. Comput. 26(4), 1997.
 */
interface Cluster<V> {
  readonly value: V | undefined
  /** Absent for ⊥, which was there before everything. */
  readonly write: Operation<V> | undefined
  readonly reads: Operation<V>[]
  /** The member that ended first; absent: ⊥ itself, which ended before everything. */
  readonly firstToEnd: Operation<V> | undefined
  readonly lastToBegin: Operation<V> | undefined
  readonly firstEndMs: number
  readonly lastBeginMs: number
}

/**
 * Decides a history whose writes all wrote different values, and never ⊥, in O(n log n); otherwise returns undefined.
 * A cluster A must precede B when a member of A ended before a member of B began. The history is linearizable exactly when no read ended
 * before its write began and no two clusters must precede each other (longer cycles always contain such a pair).
 */
export function decideByZones<V>(history: readonly Operation<V>[]): Verdict<V> | undefined {
  const operations = relevant(history)
  const writes = new Map<V | undefined, Operation<V> | undefined>([[undefined, undefined]])
  for (const operation of operations) {
    if (operation.kind === 'read') continue
    if (writes.has(operation.value)) return undefined
    writes.set(operation.value, operation)
  }
  const reads = new Map<V | undefined, Operation<V>[]>()
  for (const read of operations) {
    if (read.kind === 'write') continue
    if (!writes.has(read.value)) return conflict([read], `${describe(read)} returned a value that nobody wrote`)
    const write = writes.get(read.value)
    if (write && precedes(read, write)) return conflict([read, write], `${describe(read)} ended before ${describe(write)} began`)
    const others = reads.get(read.value)
    if (others) others.push(read)
    else reads.set(read.value, [read])
  }
  const clusters = [...writes].map(([value, write]) => cluster(value, write, reads.get(value) ?? []))
  clusters.sort((a, b) => beginning(a) - beginning(b) || Number(isForward(a)) - Number(isForward(b)))
  const pair = contradiction(clusters)
  if (pair) return explain(...pair)
  const order = clusters.flatMap(({ write, reads }) => (write ? [write, ...reads] : reads))
  return { outcome: 'linearizable', order: linearization(order) }
}

function cluster<V>(value: V | undefined, write: Operation<V> | undefined, reads: Operation<V>[]): Cluster<V> {
  let [firstToEnd, lastToBegin] = [write, write]
  for (const read of reads) {
    if (write && responseOf(read) < responseOf(firstToEnd!)) firstToEnd = read
    if (!lastToBegin || read.invokedAtMs > lastToBegin.invokedAtMs) lastToBegin = read
  }
  const firstEndMs = firstToEnd ? responseOf(firstToEnd) : Number.NEGATIVE_INFINITY
  const lastBeginMs = lastToBegin?.invokedAtMs ?? Number.NEGATIVE_INFINITY
  return { value, write, reads, firstToEnd, lastToBegin, firstEndMs, lastBeginMs }
}

const beginning = <V>(c: Cluster<V>): number => Math.min(c.firstEndMs, c.lastBeginMs)

/** A forward zone [first end, last begin] holds its value throughout; a backward one [last begin, first end] fits into any one moment of it. */
const isForward = <V>(c: Cluster<V>): boolean => c.firstEndMs < c.lastBeginMs

const mustPrecede = <V>(a: Cluster<V>, b: Cluster<V>): boolean => a.firstEndMs < b.lastBeginMs

/** Two clusters that must precede each other; `sorted` by where the zone begins, so that the forward zone reaching furthest is the one to meet. */
function contradiction<V>(sorted: readonly Cluster<V>[]): readonly [Cluster<V>, Cluster<V>] | undefined {
  let furthest: Cluster<V> | undefined
  for (const next of sorted) {
    if (furthest && mustPrecede(furthest, next) && mustPrecede(next, furthest)) return [furthest, next]
    if (isForward(next) && (!furthest || next.lastBeginMs > furthest.lastBeginMs)) furthest = next
  }
  return undefined
}

function explain<V>(a: Cluster<V>, b: Cluster<V>): Verdict<V> {
  const [endA, endB, beginA, beginB] = [a.firstToEnd, b.firstToEnd!, a.lastToBegin!, b.lastToBegin!]
  if (!endA) {
    return conflict([endB, beginA], `${describe(beginA)} returned the initial value, although ${describe(endB)} had ended before it began`)
  }
  const inversion = beginA.kind === 'read' && endB.kind === 'read' ? ' (new-old inversion)' : ''
  const members = [a.write!, b.write!, endA, beginB, endB, beginA]
  return conflict(
    members,
    `${describe(endA)} ended before ${describe(beginB)} began, so ${show(a.value)} came before ${show(b.value)}; ` +
      `but ${describe(endB)} ended before ${describe(beginA)} began, so ${show(b.value)} came before ${show(a.value)}${inversion}: no order has both`,
  )
}

const conflict = <V>(operations: readonly Operation<V>[], reason: string): Verdict<V> => ({
  outcome: 'not-linearizable',
  conflict: [...new Set(operations)].sort((a, b) => a.invokedAtMs - b.invokedAtMs),
  reason,
})
