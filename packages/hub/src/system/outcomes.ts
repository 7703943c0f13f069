import { type Answer, isAnswer, type Missing } from './pending'

/** What came of a command. Never comes later than the time-out, and never as a rejection. */
export interface Outcome<V> {
  readonly system: string
  /** Who answered, with what, how long after the command; in order of rank. */
  readonly answers: readonly Answer<V>[]
  /** Who did not, and why; in order of rank. */
  readonly missing: readonly Missing[]
  readonly elapsedMs: number
  /** Whether all that was expected held: everybody answered but those known to be dead, and the properties checked hold. */
  readonly ok: boolean
}

/** APP_VALUE of every process. */
export interface BroadcastOutcome extends Outcome<number> {
  readonly kind: 'broadcast'
  readonly sender: string
  readonly value: number
}

export interface WriteOutcome extends Outcome<number> {
  readonly kind: 'write'
  readonly register: string
  readonly value: number
}

/** `undefined` was read where nothing was written before. */
export interface ReadOutcome extends Outcome<number | undefined> {
  readonly kind: 'read'
  readonly register: string
}

/** `answers`: one for each operation that was answered, with the value read or written. */
export interface StormOutcome extends Outcome<number | undefined> {
  readonly kind: 'storm'
  readonly register: string
  readonly seed: number
  /** Operations asked for; those of a process that stopped answering are not all sent. */
  readonly operations: number
  readonly reads: number
  readonly writes: number
  readonly p50Ms: number
  readonly p99Ms: number
}

export type Judgement = 'holds' | 'violated' | 'ambiguous'

export interface ConsensusOutcome extends Outcome<number | undefined> {
  readonly kind: 'consensus'
  readonly topic: string
  readonly proposals: readonly { readonly process: string; readonly value: number }[]
  /** The value decided by all that decided; absent when they disagree or nobody did. */
  readonly decision?: number | undefined
  /** UC4, uniform agreement. `ambiguous`: decisions carried no topic, and it is unknown which topic some belong to. */
  readonly agreement: Judgement
  /** UC2, validity: only proposed values are decided. */
  readonly validity: Judgement
  /** UC3, integrity: nobody decides twice (as far as seen until the last one decided). */
  readonly integrity: Judgement
  /** What is wrong or unclear, in words. */
  readonly problems: readonly string[]
}

export type AnyOutcome = BroadcastOutcome | WriteOutcome | ReadOutcome | StormOutcome | ConsensusOutcome

/** Only those known to be dead may be missing. */
export const isExcused = (missing: readonly Missing[]): boolean => missing.every(({ reason }) => reason === 'crashed')

/** Parts those who answered from those who did not. */
export function sorted<V>(results: readonly (Answer<V> | Missing)[]): { answers: Answer<V>[]; missing: Missing[] } {
  const answers: Answer<V>[] = []
  const missing: Missing[] = []
  for (const result of results) {
    if (isAnswer(result)) answers.push(result)
    else missing.push(result)
  }
  return { answers, missing }
}
