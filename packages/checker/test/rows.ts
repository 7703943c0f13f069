/** A violation of one property and of no other, and a trace as close to it as possible that violates nothing. */
export type Row = readonly [property: string, instance: string, violated: string, holds: string]

export const lines = (...all: readonly string[]): string => all.join('\n')
export const all = ['p1', 'p2', 'p3'] as const

/** How often is forever, and how probable is certain: one message refutes it. */
export const options = { lossesForEver: 3, copiesForEver: 3, deliveriesForEver: 3, reachesAll: 1 - 1e-10 }
