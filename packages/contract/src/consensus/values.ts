/** `undefined` is ⊥, no value: who proposed it would wait for ever. */
export const refusesBottom = (v: unknown): string | undefined =>
  v === undefined ? 'undefined is no value and cannot be proposed; null can' : undefined
