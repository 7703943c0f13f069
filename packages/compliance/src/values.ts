import type { Random } from '@upon/simulator'

/** Data as an application hands it in. */
export type Value = number | string | boolean | null | readonly Value[] | { readonly [name: string]: Value }

/** Values that are easily taken for each other, for nothing, or for something else than data. */
const ODD: readonly Value[] = [0, '0', false, '', null, [], {}, -1, '1', [0], { n: 0 }, 'true', true, Number.MAX_SAFE_INTEGER, 0.5, [[]]]

/** The n-th of different values, of one sort each. */
const SORTS: readonly ((n: number) => Value)[] = [
  (n) => n,
  (n) => 2 ** 31 + 1_000_003 * n,
  (n) => -1 - n,
  (n) => `v${n}`,
  (n) => ({ kind: 'WRITE', n, of: [n] }), // as a message of an algorithm may look
  (n) => (n < ODD.length ? (ODD[n] as Value) : n),
]

/**
 * How a run numbers its values: 0, 1, 2 and so on in most; large or negative numbers, texts, objects, or what is easily confused in the
 * others. Different numbers give different values.
 */
export function drawValues(random: Random): (n: number) => Value {
  return random.chance(60) ? (n) => n : random.pick(SORTS)
}

/** How many operations a client has: `few` of them at most; now and then 40 to 100 at one of the clients, more rarely at each of them. */
export function drawCounts(random: Random, clients: number, [least, few]: readonly [least: number, few: number]): number[] {
  const isLong = random.chance(4)
  const long = isLong && random.chance(80) ? random.below(Math.max(1, clients)) : undefined
  return Array.from({ length: clients }, (_, i) => {
    const isMany = isLong && (long === undefined || long === i)
    return isMany ? random.between(40, 100) : random.between(least, few)
  })
}
