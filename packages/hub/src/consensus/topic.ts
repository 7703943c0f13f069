import type { Answer, Pending } from '../system/pending'

/** One consensus, as far as the hub saw it. */
export interface Topic {
  readonly name: string
  readonly startedAtMs: number
  readonly proposals: ReadonlyMap<string, number>
  readonly proposed: ReadonlySet<number>
  readonly pending: ReadonlyMap<string, Pending<number | undefined>>
  readonly decisions: Map<string, Answer<number | undefined>>
  readonly problems: string[]
  isAmbiguous: boolean
  hasTwice: boolean
}
