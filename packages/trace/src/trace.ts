import type { ProcessId } from '@upon/contract'

/** An event of an algorithm, at the process where it was handled. */
export interface AlgorithmEvent {
  readonly type: 'event'
  /** The place in the trace, from 0. */
  readonly index: number
  /** The entry whose handler triggered this one; for a delivery of a link, the entry of the sending; -1 for events from outside. */
  readonly cause: number
  /** Virtual or real, in milliseconds. */
  readonly timeMs: number
  readonly process: ProcessId
  /** The path of the instance: `uc.ep[3].beb`. */
  readonly path: string
  /** The module of the instance, by the book's name: `BestEffortBroadcast`. */
  readonly module: string
  /** A query is answered at once: its answer is its last attribute. A `rule` is no event: ⟨Init⟩ of the instance, or one of its conditions that holds. */
  readonly direction: 'request' | 'indication' | 'query' | 'rule'
  /** Of a rule: `Init`, or `when 2` for the second condition. */
  readonly event: string
  /** Plain data; `undefined` (⊥) is written as `{"⊥":true}` in NDJSON. */
  readonly attributes: readonly unknown[]
  /** The name of the algorithm whose handler or rule ran; absent where the application handled it or a port, and where that is not recorded. */
  readonly algorithm?: string
}

/** A fault of a process or of the network. */
export interface FaultEvent {
  readonly type: 'crash' | 'recover' | 'pause' | 'resume' | 'partition' | 'heal' | 'loss' | 'duplicate'
  readonly index: number
  readonly timeMs: number
  /** Absent for a fault of the whole network. */
  readonly process?: ProcessId
  /** Of a lost or repeated message: the entry of its sending, if that is in the trace. */
  readonly cause?: number
  readonly detail?: string
}

export type TraceEntry = AlgorithmEvent | FaultEvent

/** One run. On disk, the first line is the head (all but `entries`), followed by a line per entry. */
export interface Trace {
  readonly format: 'upon-trace/1'
  /** By increasing rank. */
  readonly processes: readonly { readonly id: ProcessId; readonly rank: number }[]
  /** How to run it again: the seed, and the command if there is one. */
  readonly origin?: { readonly seed?: string; readonly command?: string }
  /** `quiescent`: nothing was pending at the end and no fault was open, so liveness can be judged. `cut`: the run could go on. */
  readonly end: 'quiescent' | 'cut'
  readonly entries: readonly TraceEntry[]
}
