import { misuse, type Port, RandomSource } from '@upon/contract'

const WORDS = 2 ** 32

/** Random numbers of the platform's cryptographic source. */
export const systemRandom: Port<RandomSource> = {
  sort: 'port',
  abstraction: RandomSource,
  open: () => ({
    upon: {
      below(n) {
        checkBelow(n)
        const word = new Uint32Array(1)
        const fair = WORDS - (WORDS % n) // above it, some numbers would come more often than others
        do globalThis.crypto.getRandomValues(word)
        while ((word[0] as number) >= fair)
        return (word[0] as number) % n
      },
    },
  }),
}

/** What a number can be drawn below. */
export function checkBelow(n: unknown): void {
  if (!Number.isInteger(n) || (n as number) < 1 || (n as number) > WORDS)
    throw misuse(`below: expected a whole number from 1 to 2³², found ${String(n)}`)
}
