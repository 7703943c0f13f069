import type { PropertyVerdict } from '../verdict'
import type { Condition } from './options'

/** One verdict about a file, for people and for programs. */
export interface Judgement {
  readonly holds: PropertyVerdict['holds']
  /** For `unknown`: only because the run was cut off, which is not an error. */
  readonly isOpen?: boolean
  /** What was judged: `linearizable`, `UC4 of uc`. */
  readonly subject: string
  readonly why: string
  /** Further fields for programs. */
  readonly facts: Readonly<Record<string, unknown>>
  /** The violated property, in the book's words. */
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
