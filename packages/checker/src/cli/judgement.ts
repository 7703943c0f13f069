import type { PropertyVerdict } from '../verdict'
import type { Condition } from './options'

/** One verdict about a file, for people and for programs. */
export interface Judgement {
  readonly holds: PropertyVerdict['holds']
  /** Of what is unknown: it lies in the nature of a run that was cut off, and nothing is wrong with the question. */
  readonly isOpen?: boolean
  /** What was judged: `linearizable`, `UC4 of uc`. */
  readonly subject: string
  readonly why: string
  /** More for programs. */
  readonly facts: Readonly<Record<string, unknown>>
  /** Of what is violated: what it says, in the book's words. */
  readonly means?: string
  readonly picture?: string
}

export interface JudgeOptions {
  readonly limitMs: number
  readonly condition: Condition
  readonly wantsHtml: boolean
}

export interface Judged {
  readonly judgements: readonly Judgement[]
  readonly html?: string
}
