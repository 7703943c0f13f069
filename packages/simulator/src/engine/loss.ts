/** A link loses no more messages one after the other. */
export const LOST_IN_A_ROW_LIMIT = 5

/** What fair-loss links do to messages: lose some, but not forever, and repeat some. */
export class Loss {
  lostPercent = 0
  duplicatedPercent = 0
  /** By link; of most links nothing was lost. */
  readonly #lostInARow: number[] = []

  /** What happens to the next message of a link; `bits` are 32 random ones. */
  fateOf(link: number, bits: number): 'lost' | 'once' | 'twice' {
    const inARow = this.#lostInARow[link] ?? 0
    const isLost = bits % 100 < this.lostPercent && inARow < LOST_IN_A_ROW_LIMIT
    if (isLost || inARow > 0) this.#lostInARow[link] = isLost ? inARow + 1 : 0
    if (isLost) return 'lost'
    return (bits >>> 16) % 100 < this.duplicatedPercent ? 'twice' : 'once'
  }
}
