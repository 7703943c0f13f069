import { Budget } from '../budget'
import { cutAt, describe, linearization, type Operation, precedes, relevant, responseOf, show, type Verdict } from '../history'
import { decideBySweep } from './decide-register'

/**
 * All operations on one value: its write and its reads. If values are unique, they are adjacent in every linearization.
 * Source: Gibbons and Korach, Testing Shared Memories, SIAM J. Comput. 26(4), 1997.
 */
interface Cluster<V> {
  readonly value: V | undefined
  /** Absent for ⊥, which was there before everything. */
  readonly write: Operation<V> | undefined
  readonly reads: Operation<V>[]
  /** The member that ended first; absent: ⊥ itself, which ended before everything. */
  firstToEnd: Operation<V> | undefined
  lastToBegin: Operation<V> | undefined
  firstEndMs: number
  lastBeginMs: number
}

/** Operations that no order explains, and why. */
interface Conflict<V> {
  readonly operations: readonly Operation<V>[]
  readonly reason: string
}

/**
 * Decides a history whose writes all wrote different values, and never ⊥, in O(n log n); otherwise returns undefined.
 * A cluster A must precede B when a member of A ended before a member of B began. The history is linearizable exactly when no read ended
 * before its write began and no two clusters must precede each other (longer cycles always contain such a pair).
 */
export function decideByZones<V>(history: readonly Operation<V>[]): Verdict<V> | undefined {
  const clusters = clustersOf(relevant(history))
  if (clusters === undefined) return undefined
  const found = 'reason' in clusters ? clusters : contradictionIn(clusters)
  if (found === undefined) return { outcome: 'linearizable', order: linearization(clustersInOrder(clusters as Cluster<V>[])) }
  const { untilMs, conflict } = smallestPrefix(history, found)
  const operations = [...new Set(conflict.operations)].sort((a, b) => a.invokedAtMs - b.invokedAtMs)
  return { outcome: 'not-linearizable', conflict: operations, reason: conflict.reason, untilMs }
}

/** The clusters, or a read that fits into none. */
function clustersOf<V>(operations: readonly Operation<V>[]): Cluster<V>[] | Conflict<V> | undefined {
  const clusters = new Map<V | undefined, Cluster<V>>([[undefined, cluster<V>(undefined, undefined)]])
  for (const operation of operations) {
    if (operation.kind === 'read') continue
    if (clusters.has(operation.value)) return undefined
    clusters.set(operation.value, cluster(operation.value, operation))
  }
  let impossible: Conflict<V> | undefined
  for (const read of operations) {
    if (read.kind === 'write') continue
    const own = clusters.get(read.value)
    const problem = own
      ? cannotReturn(read, own.write)
      : { operations: [read], reason: `${describe(read)} returned a value that was never written` }
    if (problem) impossible = problem
    else join(own!, read)
  }
  return impossible ?? [...clusters.values()]
}

function cannotReturn<V>(read: Operation<V>, write: Operation<V> | undefined): Conflict<V> | undefined {
  if (!write || !precedes(read, write)) return undefined
  return { operations: [read, write], reason: `${describe(read)} ended before ${describe(write)} began` }
}

function cluster<V>(value: V | undefined, write: Operation<V> | undefined): Cluster<V> {
  const firstEndMs = write ? responseOf(write) : Number.NEGATIVE_INFINITY
  const lastBeginMs = write?.invokedAtMs ?? Number.NEGATIVE_INFINITY
  return { value, write, reads: [], firstToEnd: write, lastToBegin: write, firstEndMs, lastBeginMs }
}

function join<V>(own: Cluster<V>, read: Operation<V>): void {
  own.reads.push(read)
  const endMs = responseOf(read)
  if (endMs < own.firstEndMs) {
    own.firstToEnd = read
    own.firstEndMs = endMs
  }
  if (read.invokedAtMs > own.lastBeginMs) {
    own.lastToBegin = read
    own.lastBeginMs = read.invokedAtMs
  }
}

const beginning = <V>(c: Cluster<V>): number => Math.min(c.firstEndMs, c.lastBeginMs)

/** A forward zone [first end, last begin] holds its value throughout; a backward one [last begin, first end] fits into any one moment of it. */
const isForward = <V>(c: Cluster<V>): boolean => c.firstEndMs < c.lastBeginMs

const mustPrecede = <V>(a: Cluster<V>, b: Cluster<V>): boolean => a.firstEndMs < b.lastBeginMs

/** By the beginning of the zone; backward zones come first at equal times. */
const byZone = <V>(a: Cluster<V>, b: Cluster<V>): number => {
  const [from, other] = [beginning(a), beginning(b)]
  return from === other ? Number(isForward(a)) - Number(isForward(b)) : from - other
}

function clustersInOrder<V>(sorted: readonly Cluster<V>[]): Operation<V>[] {
  const order: Operation<V>[] = []
  for (const { write, reads } of sorted) {
    if (write) order.push(write)
    for (const read of reads) order.push(read)
  }
  return order
}

/** Sorts the clusters, and looks for two that must precede each other. Only the forward zone with the latest end so far needs to be compared. */
function contradictionIn<V>(clusters: Cluster<V>[]): Conflict<V> | undefined {
  clusters.sort(byZone)
  let furthest: Cluster<V> | undefined
  for (const next of clusters) {
    if (furthest && mustPrecede(furthest, next) && mustPrecede(next, furthest)) return explain(furthest, next)
    if (isForward(next) && (!furthest || next.lastBeginMs > furthest.lastBeginMs)) furthest = next
  }
  return undefined
}

/** The first response after which there is no order, and the conflict at that time. */
function smallestPrefix<V>(history: readonly Operation<V>[], whole: Conflict<V>): { untilMs: number; conflict: Conflict<V> } {
  const decided = decideBySweep(history, new Budget())
  if (typeof decided === 'string' || 'order' in decided) {
    return { untilMs: Math.max(...whole.operations.map(responseOf).filter(Number.isFinite)), conflict: whole }
  }
  const { untilMs } = decided
  const original = new Map<Operation<V>, Operation<V>>()
  const clusters = clustersOf(relevant(cutAt(history, untilMs, original)))
  const found = clusters === undefined || 'reason' in clusters ? clusters : contradictionIn(clusters)
  if (!found) return { untilMs, conflict: whole }
  const [only, ...others] = found.operations.map((operation) => original.get(operation) ?? operation)
  const late = others.length === 0 ? history.find(({ kind, value }) => kind === 'write' && value === only!.value) : undefined
  return { untilMs, conflict: (late && cannotReturn(only!, late)) ?? { reason: found.reason, operations: [only!, ...others] } }
}

function explain<V>(a: Cluster<V>, b: Cluster<V>): Conflict<V> {
  const [endA, endB, beginA, beginB] = [a.firstToEnd, b.firstToEnd!, a.lastToBegin!, b.lastToBegin!]
  if (!endA) {
    const reason = `${describe(beginA)} returned the initial value, although ${describe(endB)} had ended before it began`
    return { operations: [endB, beginA], reason }
  }
  const inversion = beginA.kind === 'read' && endB.kind === 'read' ? ' (new-old inversion)' : ''
  return {
    operations: [a.write!, b.write!, endA, beginB, endB, beginA],
    reason:
      `${describe(endA)} ended before ${describe(beginB)} began, so ${show(a.value)} came before ${show(b.value)}; ` +
      `but ${describe(endB)} ended before ${describe(beginA)} began, so ${show(b.value)} came before ${show(a.value)}${inversion}: no order has both`,
  }
}
