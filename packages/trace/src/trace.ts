import type { ProcessId } from '@upon/contract'

/** An event of an algorithm, at the process where it was handled. */
export interface AlgorithmEvent {
  readonly type: 'event'
  /** Counts the entries of the whole trace from 0. */
  readonly index: number
  /** The entry whose handler triggered this one; for what a link delivers, the entry of its sending; -1 for what came from outside. */
  readonly cause: number
  /** Virtual or real, in milliseconds. */
  readonly timeMs: number
  readonly process: ProcessId
  /** The instance whose event it is: `uc.ep[3].beb`. */
  readonly path: string
  /** The module of that instance, by the book's name: `BestEffortBroadcast`. */
  readonly module: string
  /** A query is answered at once: its answer is its last attribute. */
  readonly direction: 'request' | 'indication' | 'query'
  readonly event: string
  /** Plain data; `undefined` (⊥) is written as `{"⊥":true}` in NDJSON. */
  readonly attributes: readonly unknown[]
}

/** Something that happened to a process or to the network, from outside. */
export interface FaultEvent {
  readonly type: 'crash' | 'recover' | 'pause' | 'resume' | 'partition' | 'heal' | 'loss' | 'duplicate'
  readonly index: number
  readonly timeMs: number
  /** Absent for what concerns the network as a whole. */
  readonly process?: ProcessId
  readonly detail?: string
}

export type TraceEntry = AlgorithmEvent | FaultEvent

/** One run: the head says who took part, and how far liveness may be judged. The first line on disk; then an entry a line. */
export interface Trace {
  readonly format: 'upon-trace/1'
  /** By increasing rank. */
  readonly processes: readonly { readonly id: ProcessId; readonly rank: number }[]
  /** How to run it again: a seed and the command, if there is one. */
  readonly origin?: { readonly seed?: string; readonly command?: string }
  /** `quiescent`: nothing was under way at the end and no fault was left open, so liveness can be judged. `cut`: it could go on. */
  readonly end: 'quiescent' | 'cut'
  readonly entries: readonly TraceEntry[]
}
