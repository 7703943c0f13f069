/** `undefined` is ⊥, no value. A process that proposed it would wait forever; a process that wrote it would seem not to have written. */
export const refusesBottom = (v: unknown): string | undefined => (v === undefined ? 'undefined is no value; null is one' : undefined)
