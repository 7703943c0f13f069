import type { Module, Port, ProcessId, Timing, Transport } from '@upon/contract'
import type { HandlerError } from './handler-error'
import type { HoldLimit, HoldLimits } from './held'

/** One event, as an observer sees it. */
export interface Observation {
  /** Counts the process's events from 1. */
  readonly index: number
  /** The event whose handler triggered this one; 0 for what came from outside. */
  readonly cause: number
  /** As the process's clock says; 0 without one. */
  readonly time: number
  readonly process: ProcessId
  /** The instance whose event it is: `app.nnar[x].beb`. */
  readonly path: string
  /** The module of that instance, by the book's name: `BestEffortBroadcast`. */
  readonly module: string
  readonly direction: 'request' | 'indication' | 'query'
  readonly event: string
  /** Those of the event; of a query, its answer as the last one. */
  readonly attributes: readonly unknown[]
}

/** What a process could not use, and why; and what it keeps. */
export interface Counters {
  readonly events: number
  /** Messages kept for instances that are not made yet. */
  readonly held: number
  /** Messages dropped because too many were kept already, and by which limit. */
  readonly overflowed: number
  readonly overflowedBy: Readonly<Record<HoldLimit, number>>
  /** Messages dropped because their instance no longer exists. */
  readonly late: number
  /** Messages that are none, as `checked` says, or come from a process that is no member of their instance. */
  readonly malformed: number
  /** Messages of a kind that their instance does not know. */
  readonly unknownKinds: number
  /** Indications kept until the application has a handler for them. */
  readonly kept: number
  /** Indications dropped because too many were kept for their event already. */
  readonly unheard: number
}

/** What a host gives a process. */
export type Supply = Port<Module> | Transport<Module>

export interface ProcessOptions<S extends readonly Supply[]> {
  readonly self: ProcessId
  /** Π, with this process in it. The order in which processes are listed here means nothing. */
  readonly processes: readonly ProcessId[]
  /** Whole numbers, the same in all processes of the system. Without it, ranks are 1 to N in the order of names, by code point. */
  readonly rank?: (p: ProcessId) => number
  /** How many of the processes may be faulty: what cannot bear so many does not run. By default, the most that each algorithm bears. */
  readonly f?: number
  /** How the network keeps time: what needs more does not run. By default, this is not checked. */
  readonly timing?: Timing
  /** What the host gives: links, timers, ... Algorithms that need more do not compile. Transports give `MessageCapacity`, too. */
  readonly supply?: S
  readonly clock?: () => number
  /** Sees every event of every layer, just before it is handled; a `stop()` here comes before that, as a crash would. */
  readonly observe?: (observation: Observation) => void
  /** Asked once for each instance, when it is made, users before what they use: whether `observe` is shown its events. By default, all. */
  readonly observes?: (module: string, path: string) => boolean
  /** Called when a handler has thrown, which crashes the process. Without it, the call that triggered the event throws the error. */
  readonly onCrash?: (error: HandlerError) => void
  /** Called with each message that is kept because its instance is not made yet. */
  readonly onMissing?: (path: string, from: ProcessId, message: unknown) => void
  /**
   * Called at the first message for an instance that nobody has run here and no family will make: once per layer at the root. The instance
   * may come a moment later. By default, `console.warn` a second later, if it has not come.
   */
  readonly onUnclaimed?: (path: string, from: ProcessId) => void
  /** Called with each message, and each indication (`perEvent`), that is dropped because too many are kept. By default, `console.warn` once. */
  readonly onOverflow?: (limit: HoldLimit | 'perEvent', path: string, from: ProcessId | undefined, message: unknown) => void
  /** Called with each message of a kind that its instance does not know. It is dropped, unless it waits for a handler of the application. */
  readonly onUnknownKind?: (path: string, message: unknown) => void
  /** Called with each message that counts as `malformed`; it is dropped. */
  readonly onMalformed?: (path: string, message: unknown) => void
  readonly hold?: Partial<HoldLimits>
  /**
   * Asked once for each instance of an algorithm, when it is made: the state that an instance of this path left (`snapshot`) before its family disposed of it,
   * which the new one goes on from; `undefined` for the algorithm's own. So a host can free instances that are at rest, and make them again when they are needed.
   */
  readonly resume?: (path: string) => object | undefined
  /**
   * How the index of a family's member stands in its path: by default, with its brackets escaped if they do not match, so that no two
   * instances have one path; or always as it is, for a wire that has it so.
   */
  readonly indexes?: 'escaped' | 'as they are'
  /** How many events one thing from outside may bring about before the process is said to go on forever, and crashes; no limit by default. */
  readonly limitStepEvents?: number
}
