import type { Random } from '@upon/simulator'

/** Data as an application passes it in. */
export type Value = number | string | boolean | null | readonly Value[] | { readonly [name: string]: Value }

/** Values that are easily confused with each other, with nothing, or with something other than data. */
const ODD: readonly Value[] = [0, '0', false, '', null, [], {}, -1, '1', [0], { n: 0 }, 'true', true, Number.MAX_SAFE_INTEGER, 0.5, [[]]]

/** The n-th of distinct values, one function per kind of value. */
const SORTS: readonly ((n: number) => Value)[] = [
  (n) => n,
  (n) => 2 ** 31 + 1_000_003 * n,
  (n) => -1 - n,
  (n) => `v${n}`,
  (n) => ({ kind: 'WRITE', n, of: [n] }), // like a message of an algorithm
  (n) => (n < ODD.length ? (ODD[n] as Value) : n),
]

/**
 * How a run represents its values: as 0, 1, 2 and so on in most runs; in others as large or negative numbers, texts, objects, or values that
 * are easily confused. Different numbers give different values.
 */
export function drawValues(random: Random): (n: number) => Value {
  return random.chance(60) ? (n) => n : random.pick(SORTS)
}

/** How many operations a client has: at most `few` in most runs; in some 40 to 100 at one client, more rarely at each. */
export function drawCounts(random: Random, clients: number, [least, few]: readonly [least: number, few: number]): number[] {
  const isLong = random.chance(4)
  const long = isLong && random.chance(80) ? random.below(Math.max(1, clients)) : undefined
  return Array.from({ length: clients }, (_, i) => {
    const isMany = isLong && (long === undefined || long === i)
    return isMany ? random.between(40, 100) : random.between(least, few)
  })
}
