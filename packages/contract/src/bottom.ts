/** `undefined` is ⊥, no value: who proposed it would wait forever, and who wrote it would look as if nobody had written. */
export const refusesBottom = (v: unknown): string | undefined => (v === undefined ? 'undefined is no value; null is one' : undefined)
