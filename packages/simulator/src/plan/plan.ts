import type { ProcessId } from '@upon/contract'

/** When a fault is in effect, in virtual milliseconds; without `toMs` it never ends. */
export interface Span {
  readonly fromMs: number
  readonly toMs?: number
}

/**
 * A process crashes, for good if no recovery follows: at a moment, or right after its n-th message to another process, and so possibly in
 * the middle of a broadcast.
 */
export type Crash = {
  readonly kind: 'crash'
  readonly process: ProcessId
  /** The percentage of its messages still under way that are lost with it; 0 by default. */
  readonly lostPercent?: number
  /** Adversarial layers do not know of it before it happens. */
  readonly unforeseen?: true
} & (
  | { readonly atMs: number }
  | { readonly afterSends: number }
  /** At the end of the run: the last crash of a process that crashes and recovers forever, and so is not correct. */
  | { readonly atEnd: true }
)

/**
 * A process that is down at this moment restarts with what it had stored, and nothing else. A crash listed earlier that waits for a number
 * of sends not reached by then no longer happens.
 */
export interface Recovery {
  readonly kind: 'recover'
  readonly process: ProcessId
  readonly atMs: number
  /** Adversarial layers do not know of it before it happens. */
  readonly unforeseen?: true
}

/**
 * What becomes of one message over links of that kind: it is lost; a copy of it arrives so long after it was sent; or it does so itself,
 * whatever the bound. Or a timer times out so soon, whatever the clocks. Each goes by its name, as in `deviations`.
 */
export interface Fate {
  readonly kind: 'fate'
  readonly message: string
  readonly links: 'perfect' | 'fair-loss'
  readonly is: 'lost' | 'repeated' | 'late' | 'early'
  readonly afterMs?: number
}

export type Fault =
  | Crash
  | Recovery
  | Fate
  /** Delays are bounded from here on, though the plan says later. */
  | { readonly kind: 'stabilise'; readonly atMs: number }
  /** Starts only then; what comes before that waits. */
  | { readonly kind: 'start'; readonly process: ProcessId; readonly atMs: number }
  /** Handles nothing; what arrives meanwhile waits. */
  | ({ readonly kind: 'pause'; readonly process: ProcessId } & Span)
  /** Takes `eventMs` for each event. */
  | ({ readonly kind: 'slow'; readonly process: ProcessId; readonly eventMs: number } & Span)
  /** No message passes from one group to another. A process in no group can reach, and be reached by, all. */
  | ({ readonly kind: 'partition'; readonly groups: readonly (readonly ProcessId[])[] } & Span)
  /** No message passes from `from` to `to`; the other direction is open. */
  | ({ readonly kind: 'block'; readonly from: readonly ProcessId[]; readonly to: readonly ProcessId[] } & Span)
  /** The timers of a process take this percentage of their delay until the stabilisation time; if that is 0, always. */
  | { readonly kind: 'drift'; readonly process: ProcessId; readonly percent: number }
  /** Until `toMs`, or forever, fair-loss links lose and repeat these percentages of messages, but lose at most five in a row on one link. */
  | { readonly kind: 'loss'; readonly lostPercent: number; readonly duplicatedPercent: number; readonly toMs?: number }
  /** The ConnectionWatch of `process` indicates, rightly or wrongly, that `about` refuses connections. */
  | { readonly kind: 'hint'; readonly process: ProcessId; readonly about: ProcessId; readonly atMs: number }

/** Decides how long each message takes. */
export type Schedule =
  | { readonly kind: 'fixed'; readonly delayMs: number }
  /** Each message's delay is drawn independently. `heavy`: doubled with probability 1/2, repeatedly; `bimodal`: one in 16 takes 50 times as long. */
  | {
      readonly kind: 'random'
      readonly seed: number
      readonly shape: 'uniform' | 'heavy' | 'bimodal'
      readonly lowMs: number
      readonly highMs: number
    }
  /**
   * Probabilistic concurrency testing: every link has a random priority, and each `stepMs` the link of the highest priority with anything
   * under way delivers its oldest message. At each of the steps `changes` the link whose turn it is falls to the lowest. Random delays take
   * over at the stabilisation time. If that is 0, priorities stay, and a message that has waited for `boundMs` is delivered next.
   */
  | { readonly kind: 'priorities'; readonly seed: number; readonly stepMs: number; readonly changes: readonly number[] }

/** What a client does: its operations one after the other, each `afterMs` after the one before has completed. */
export interface ClientOperation<O = unknown> {
  readonly process: ProcessId
  readonly afterMs: number
  /** And not before this moment: of a process that recovers, what was asked after that. */
  readonly atMs?: number
  readonly operation: O
}

/** Everything that decides a run, as plain data: the same plan gives the same run on every machine. */
export interface Plan<O = unknown> {
  /** The seed of the clients' random numbers and of the losses of messages. */
  readonly seed: number
  /** By increasing rank. */
  readonly processes: readonly ProcessId[]
  readonly operations: readonly ClientOperation<O>[]
  readonly faults: readonly Fault[]
  readonly schedule: Schedule
  /**
   * The delays of single messages, in ms, that differ from what the schedule says: `p1>p2 uc.ep[0].pl 3`, the third of that link. And of
   * timers (`p1 uc.epfd.timer 2`, the second time that it was started) and of what adversarial layers do (`p1 step 4`).
   */
  readonly deviations?: Readonly<Record<string, number>>
  /** From then on there are no faults, timers are exact, and messages take `boundMs` at most. 0: from the start. */
  readonly stabilisationMs: number
  readonly boundMs: number
  /** Which links there are. By default, all; and none that are perfect where processes recover. */
  readonly links?: 'all' | 'fair-loss'
}

/** `p1` to `pn`, by increasing rank. */
export const names = (n: number): ProcessId[] => Array.from({ length: n }, (_, i) => `p${i + 1}`)
