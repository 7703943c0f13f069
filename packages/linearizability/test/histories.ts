import type { Operation } from '../src/history'

/** Histories for tests: random ones, small and large, and the definition itself to compare with. */

/** How many to try: few where time matters, many where `UPON_DEEP` says that it does not. */
export const deep = (few: number, many: number): number => (process.env.UPON_DEEP === '1' ? many : few)

/** A random number from 0 to below `n`. */
export type Random = (n: number) => number

export function seeded(seed: number): Random {
  let state = (seed * 0x9e3779b1) | 0
  return (n) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n)
  }
}

/** The definition: tries every order of every subset of the pending operations. */
export function bruteForce<V>(history: readonly Operation<V>[]): boolean {
  const end = (op: Operation<V>): number => op.respondedAtMs ?? Number.POSITIVE_INFINITY
  const seen = new Set<string>()
  const extend = (left: readonly number[], value: V | undefined): boolean => {
    if (left.every((i) => history[i]!.respondedAtMs === undefined)) return true
    const key = `${left.join()}|${value}`
    if (seen.has(key)) return false
    seen.add(key)
    return left.some((i) => {
      const op = history[i]!
      if (left.some((j) => end(history[j]!) < op.invokedAtMs)) return false
      if (op.kind === 'read' && op.respondedAtMs !== undefined && op.value !== value) return false
      return extend(
        left.filter((j) => j !== i),
        op.kind === 'write' ? op.value : value,
      )
    })
  }
  return extend([...history.keys()], undefined)
}

/** Throws unless `order` is a linearization of `history`. */
export function expectOrder<V>(history: readonly Operation<V>[], order: readonly Operation<V>[]): void {
  const fail = (why: string): never => {
    throw new Error(`no linearization: ${why}`)
  }
  const all = new Set(history)
  const taken = new Set(order)
  if (taken.size !== order.length) fail('an operation stands twice')
  for (const op of order) if (!all.has(op)) fail('an operation of no history')
  for (const op of history) if (op.respondedAtMs !== undefined && !taken.has(op)) fail('a completed operation is missing')
  let value: V | undefined
  let latest = Number.NEGATIVE_INFINITY
  for (const op of order) {
    if (op.kind === 'write') value = op.value
    else if (op.value !== value) fail(`a read of ${op.value} stands where the value is ${value}`)
    latest = Math.max(latest, op.invokedAtMs)
    if ((op.respondedAtMs ?? Number.POSITIVE_INFINITY) < latest) fail('an operation stands after its end')
  }
}

/** Up to 8 operations over few moments and values, so that ties, overlaps, pending operations and violations are all common. */
export function randomHistory(random: Random): Operation[] {
  const count = 1 + random(8)
  const values = 1 + random(4)
  const span = 3 + random(14)
  const length = 1 + random(8)
  const pendingIn = 2 + random(8)
  return Array.from({ length: count }, (_, i) => {
    const from = random(span)
    const kind = random(5) < 2 ? 'write' : 'read'
    return {
      process: `p${i}`,
      kind,
      value: kind === 'read' && random(6) === 0 ? undefined : 1 + random(values),
      invokedAtMs: from,
      respondedAtMs: random(pendingIn) === 0 ? undefined : from + random(length),
    }
  })
}

export interface StormOptions {
  readonly clients: number
  readonly count: number
  /** How many different values are written; 0: each write writes its own. */
  readonly values: number
  /** Of 1,000 operations so many are never answered. */
  readonly pendingPermille: number
  readonly readsPercent: number
  /** Times are rounded to multiples of it; 0: exact. */
  readonly tickMs: number
}

/** A linearizable history: each client does one operation after the other; those never answered take effect later, or never. */
export function storm(options: StormOptions, random: Random): Operation[] {
  const { clients, count, values, pendingPermille, readsPercent, tickMs } = options
  const fraction = (): number => random(1_000_003) / 1_000_003
  const freeAt: number[] = new Array(clients).fill(0)
  const drafts = Array.from({ length: count }, (_, i) => {
    const client = freeAt.indexOf(Math.min(...freeAt))
    const from = freeAt[client]! + fraction() * 0.5
    const to = from + 0.1 + fraction() * 4
    freeAt[client] = to
    const isPending = random(1000) < pendingPermille
    const at = isPending && random(2) === 0 ? from + fraction() * count : from + fraction() * (to - from)
    return { client, from, to, at, isPending, isRead: random(100) < readsPercent, value: values === 0 ? i + 1 : 1 + random(values) }
  })
  let value: number | undefined
  const round = (ms: number): number => (tickMs === 0 ? ms : Math.floor(ms / tickMs) * tickMs)
  const made = drafts
    .sort((a, b) => a.at - b.at)
    .map((d): Operation => {
      const isLost = d.isPending && random(3) === 0
      if (!d.isRead && !isLost) value = d.value
      const common = { process: `c${d.client}`, invokedAtMs: round(d.from), respondedAtMs: d.isPending ? undefined : round(d.to) }
      return d.isRead ? { ...common, kind: 'read', value: d.isPending ? undefined : value } : { ...common, kind: 'write', value: d.value }
    })
  return made.sort((a, b) => a.invokedAtMs - b.invokedAtMs)
}

/** One completed read, of those in the last `last` of the history, returns what an earlier one returned. */
export function withStaleRead(history: readonly Operation[], last: number, random: Random): Operation[] {
  const reads = history.flatMap((op, i) => (op.kind === 'read' && op.respondedAtMs !== undefined ? [i] : []))
  const at = reads[reads.length - 1 - random(Math.min(last, reads.length))]
  if (at === undefined) return [...history]
  const before = history.slice(Math.max(0, at - 60), Math.max(1, at - 20)).filter((op) => op.value !== undefined)
  const stale = before[random(Math.max(1, before.length))]
  return history.map((op, i) => (i === at ? { ...op, value: stale?.value } : op))
}
