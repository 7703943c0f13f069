import { IMPOSSIBLE, type Model, type ObjectOperation, type RegisterInput } from '../src/index'
import type { Random, StormOptions } from './histories'

/** Histories of a register with compare-and-swap for tests, and the definition itself for any object. */

export type CasOperation = ObjectOperation<RegisterInput<number>, number | boolean>

/** The definition: tries every order of every subset of the pending operations. */
export function bruteForceObject<S, I, O>(model: Model<S, I, O>, history: readonly ObjectOperation<I, O>[]): boolean {
  const end = (i: number): number => history[i]!.respondedAtMs ?? Number.POSITIVE_INFINITY
  const seen = new Set<string>()
  const extend = (left: readonly number[], state: S): boolean => {
    if (left.every((i) => history[i]!.respondedAtMs === undefined)) return true
    const key = `${left.join()}|${model.key(state)}`
    if (seen.has(key)) return false
    seen.add(key)
    return left.some((i) => {
      if (left.some((j) => end(j) < history[i]!.invokedAtMs)) return false
      const next = model.apply(state, history[i]!)
      return (
        next !== IMPOSSIBLE &&
        extend(
          left.filter((j) => j !== i),
          next,
        )
      )
    })
  }
  return extend([...history.keys()], model.initial)
}

/** Throws unless `order` is a linearization of `history`. */
export function expectOrderOf<S, I, O>(
  model: Model<S, I, O>,
  history: readonly ObjectOperation<I, O>[],
  order: readonly ObjectOperation<I, O>[],
): void {
  const fail = (why: string) => {
    throw new Error(`no linearization: ${why}`)
  }
  const taken = new Set(order)
  if (taken.size !== order.length || order.some((operation) => !history.includes(operation)))
    fail('not operations of the history, once each')
  if (history.some((operation) => operation.respondedAtMs !== undefined && !taken.has(operation))) fail('a completed one is missing')
  let state = model.initial
  let latest = Number.NEGATIVE_INFINITY
  for (const operation of order) {
    const next = model.apply(state, operation)
    if (next === IMPOSSIBLE) throw new Error(`no linearization: ${JSON.stringify(operation)} in ${model.key(state)}`)
    state = next
    latest = Math.max(latest, operation.invokedAtMs)
    if ((operation.respondedAtMs ?? Number.POSITIVE_INFINITY) < latest) fail('an operation stands after its end')
  }
}

/** Up to 7 operations over few moments and values, so that everything is common. */
export function randomCasHistory(random: Random): CasOperation[] {
  const [values, span, length] = [1 + random(3), 2 + random(12), 1 + random(8)]
  const pendingIn = 2 + random(6)
  return Array.from({ length: 1 + random(7) }, (_, i) => {
    const from = random(span)
    const value = 1 + random(values)
    const kind = (['read', 'write', 'cas'] as const)[random(3)]!
    const input =
      kind === 'read' ? { kind } : kind === 'write' ? { kind, value } : { kind, expected: random(values + 1) || undefined, value }
    const output = kind === 'read' ? random(values + 1) || undefined : kind === 'cas' ? random(3) > 0 : undefined
    return {
      process: `p${i}`,
      input,
      output,
      invokedAtMs: from,
      respondedAtMs: random(pendingIn) === 0 ? undefined : from + random(length),
    }
  })
}

/** A linearizable history of reads, writes and compare-and-swaps, a third each; those never answered take effect later, or never. */
export function casStorm({ clients, count, values, pendingPermille }: Omit<StormOptions, 'readsPercent' | 'tickMs'>, random: Random) {
  const freeAt: number[] = new Array(clients).fill(0)
  const drafts = Array.from({ length: count }, () => {
    const client = freeAt.indexOf(Math.min(...freeAt))
    const from = freeAt[client]! + random(5)
    const to = from + 1 + random(40)
    freeAt[client] = to
    const isPending = random(1000) < pendingPermille
    return {
      client,
      from,
      to: isPending ? undefined : to,
      at: from + random(isPending ? 2000 : to - from + 1),
      sort: random(3),
      value: random(values),
    }
  })
  let value: number | undefined
  const made = drafts
    .sort((a, b) => a.at - b.at)
    .map(({ client, from, to, sort, value: next }): CasOperation => {
      const common = { process: `c${client}`, invokedAtMs: from, respondedAtMs: to }
      if (sort === 0) return { ...common, input: { kind: 'read' }, output: value }
      if (sort === 1) {
        if (to !== undefined || random(2) === 0) value = next
        return { ...common, input: { kind: 'write', value: next } }
      }
      const expected = random(3) === 0 ? random(values) : value
      const isFound = expected === value
      if (isFound && (to !== undefined || random(2) === 0)) value = next
      return { ...common, input: { kind: 'cas', expected, value: next }, output: isFound }
    })
  return made.sort((a, b) => a.invokedAtMs - b.invokedAtMs)
}

/** One completed read, of those in the last `last` operations, returns another value. */
export function withOtherRead(history: readonly CasOperation[], values: number, random: Random): CasOperation[] {
  const reads = history.flatMap(({ input, respondedAtMs }, i) => (input.kind === 'read' && respondedAtMs !== undefined ? [i] : []))
  const at = reads[random(reads.length)]
  return history.map((operation, i) => (i === at ? { ...operation, output: (Number(operation.output ?? 0) + 1) % values } : operation))
}
