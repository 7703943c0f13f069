import type { Texts } from './texts'

/**
 * What was recorded so far, as a number. It is the same for records that differ only in the order of adjacent requests, or of adjacent
 * indications, of different processes. No property depends on which of two requests came first if there was no indication in between.
 */
export class Seen {
  readonly number: number

  private constructor(
    readonly texts: Texts,
    /** All but the last events of one kind. */
    readonly before: number,
    readonly kind: string,
    /** The last events of one kind, by process. */
    readonly last: readonly number[],
  ) {
    this.number = texts.numberOf(`${before} ${kind} ${last}`)
  }

  static nothing(texts: Texts, processes: number): Seen {
    return new Seen(texts, 0, '', new Array<number>(processes).fill(0))
  }

  /** With one more event of a process. */
  and(kind: 'request' | 'indication' | 'crash', host: number, text: string): Seen {
    const { texts } = this
    const isSame = kind === this.kind
    const last = isSame ? [...this.last] : new Array<number>(this.last.length).fill(0)
    last[host] = texts.numberOf(`${last[host]} ${text}`)
    return new Seen(texts, isSame ? this.before : this.number, kind, last)
  }
}
