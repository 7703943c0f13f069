import type { ProcessId } from '@upon/contract'

/** When a fault holds, in virtual milliseconds; without `toMs` for ever. */
export interface Span {
  readonly fromMs: number
  readonly toMs?: number
}

/** A process ends, for good if no recovery follows: at a moment, or just after its n-th message to another process, and so also in the middle of a broadcast. */
export type Crash = {
  readonly kind: 'crash'
  readonly process: ProcessId
  /** How many in a hundred of its messages that are still under way are lost with it; 0 unless told. */
  readonly lostPercent?: number
} & (
  | { readonly atMs: number }
  | { readonly afterSends: number }
  /** Once the run has come to rest: of a process that crashes and recovers for ever, this is the end of what is seen. It is not correct. */
  | { readonly atEnd: true }
)

/**
 * A process that is down at this moment starts anew, with what it had stored and nothing else. A crash listed before it, after a
 * number of messages that the process has not sent by then, does not happen any more.
 */
export interface Recovery {
  readonly kind: 'recover'
  readonly process: ProcessId
  readonly atMs: number
}

export type Fault =
  | Crash
  | Recovery
  /** Starts only then; what comes before that waits. */
  | { readonly kind: 'start'; readonly process: ProcessId; readonly atMs: number }
  /** Handles nothing; what comes meanwhile waits. */
  | ({ readonly kind: 'pause'; readonly process: ProcessId } & Span)
  /** Takes `eventMs` for whatever comes to it. */
  | ({ readonly kind: 'slow'; readonly process: ProcessId; readonly eventMs: number } & Span)
  /** Nothing goes from one group to another. Who is in no group hears and is heard by all. */
  | ({ readonly kind: 'partition'; readonly groups: readonly (readonly ProcessId[])[] } & Span)
  /** Nothing goes from `from` to `to`; the other way is open. */
  | ({ readonly kind: 'block'; readonly from: readonly ProcessId[]; readonly to: readonly ProcessId[] } & Span)
  /** The timers of a process take so many percent of their delay before the stabilisation time; for ever, if that is 0. */
  | { readonly kind: 'drift'; readonly process: ProcessId; readonly percent: number }
  /** Until `toMs`, or for ever, fair-loss links lose and repeat so many in a hundred messages, but never more than five in a row of one link. */
  | { readonly kind: 'loss'; readonly lostPercent: number; readonly duplicatedPercent: number; readonly toMs?: number }
  /** A connection to `about` is refused: what the ConnectionWatch tells `process`, rightly or wrongly. */
  | { readonly kind: 'hint'; readonly process: ProcessId; readonly about: ProcessId; readonly atMs: number }

/** Decides how long each message takes. */
export type Schedule =
  | { readonly kind: 'fixed'; readonly delayMs: number }
  /** Each message's delay is drawn by itself. `heavy`: doubled with probability 1/2 as often as it comes; `bimodal`: one in 16 takes 50 times as long. */
  | {
      readonly kind: 'random'
      readonly seed: number
      readonly shape: 'uniform' | 'heavy' | 'bimodal'
      readonly lowMs: number
      readonly highMs: number
    }
  /**
   * Probabilistic concurrency testing: every link has a random priority, and each `stepMs` the link of the highest priority with
   * anything under way delivers its oldest message. At each of the steps `changes` the link whose turn it is falls to the lowest.
   * Random delays take over at the stabilisation time; if that is 0, priorities stay, and who has waited for `boundMs` has its turn.
   */
  | { readonly kind: 'priorities'; readonly seed: number; readonly stepMs: number; readonly changes: readonly number[] }

/** What a client does: its operations one after the other, each `afterMs` after the one before has completed. */
export interface ClientOperation<O = unknown> {
  readonly process: ProcessId
  readonly afterMs: number
  readonly operation: O
}

/** All that decides a run, as plain data: the same plan gives the same run, on every machine. */
export interface Plan<O = unknown> {
  /** Of the clients' own random numbers, and of which messages are lost. */
  readonly seed: number
  /** By increasing rank. */
  readonly processes: readonly ProcessId[]
  readonly operations: readonly ClientOperation<O>[]
  readonly faults: readonly Fault[]
  readonly schedule: Schedule
  /** The delays of single messages, in ms, that differ from what the schedule says: `p1>p2 uc.ep[0].pl 3`, the third of that link. */
  readonly deviations?: Readonly<Record<string, number>>
  /** From here on faults have ended, timers run true and messages take `boundMs` at most. 0: always so. */
  readonly stabilisationMs: number
  readonly boundMs: number
}

/** `p1` to `pn`, by increasing rank. */
export const names = (n: number): ProcessId[] => Array.from({ length: n }, (_, i) => `p${i + 1}`)
