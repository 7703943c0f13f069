import type { Module, Port, ProcessId, Timing, Transport } from '@upon/contract'
import type { HandlerError } from './handler-error'
import type { HoldLimit, HoldLimits } from './held'

/** One event, as an observer sees it. */
export interface Observation {
  /** Counts the process's events from 1. */
  readonly index: number
  /** The event whose handler triggered this one; 0 for what came from outside. */
  readonly cause: number
  /** By the clock of the process; 0 without one. */
  readonly time: number
  readonly process: ProcessId
  /** The instance whose event it is: `app.nnar[x].beb`. */
  readonly path: string
  /** The module of that instance, by the book's name: `BestEffortBroadcast`. */
  readonly module: string
  /** `rule`: no event, but ⟨Init⟩ of the instance, or one of its conditions holds and its action runs. */
  readonly direction: 'request' | 'indication' | 'query' | 'rule'
  /** Of a rule: `Init`, or `when 2` for its second condition. */
  readonly event: string
  /** The attributes of the event; for a query, its answer is the last one. */
  readonly attributes: readonly unknown[]
  /** The name of the algorithm whose handler or rule it is; absent where the application handles it, or a port of the host. */
  readonly algorithm?: string
}

/** What a process could not use, by reason, and what it keeps. */
export interface Counters {
  readonly events: number
  /** Messages kept for instances that are not made yet. */
  readonly held: number
  /** Messages dropped because too many were kept already, and by which limit. */
  readonly overflowed: number
  readonly overflowedBy: Readonly<Record<HoldLimit, number>>
  /** Messages dropped because their instance no longer exists. */
  readonly late: number
  /** Messages that `checked` refuses, or from a process that is not a member of their instance. */
  readonly malformed: number
  /** Messages of a kind that their instance does not know. */
  readonly unknownKinds: number
  /** Indications kept until the application has a handler for them. */
  readonly kept: number
  /** Indications dropped because too many were kept for the same event. */
  readonly unheard: number
}

/** What a host gives a process. */
export type Supply = Port<Module> | Transport<Module>

export interface ProcessOptions<S extends readonly Supply[]> {
  readonly self: ProcessId
  /** Π, including this process. The order of the list has no effect. */
  readonly processes: readonly ProcessId[]
  /** A whole number per process, the same in all processes of the system. By default, 1 to N in the order of names, by code point. */
  readonly rank?: (p: ProcessId) => number
  /** How many processes may be faulty. An algorithm that tolerates fewer does not run. By default, the most that each algorithm tolerates. */
  readonly f?: number
  /** The timing of the network. An algorithm that needs a stronger one does not run. By default, this is not checked. */
  readonly timing?: Timing
  /** What the host supplies: links, timers, ... Algorithms that need more do not compile. Transports supply `MessageCapacity`, too. */
  readonly supply?: S
  readonly clock?: () => number
  /** Called with every event of every layer, just before it is handled. A `stop()` here takes effect before the event, like a crash. */
  readonly observe?: (observation: Observation) => void
  /** Called once per instance, when it is made, users before what they use: whether `observe` gets its events. By default, all. */
  readonly observes?: (module: string, path: string) => boolean
  /** The same for its rules: ⟨Init⟩, and conditions that hold. By default, none. */
  readonly observesRules?: (module: string, path: string) => boolean
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
   * Called once per instance of an algorithm, when it is made. Returns the state that an earlier instance of this path left (`snapshot`) before its family
   * disposed of it, and the new instance continues from it; `undefined` for the algorithm's initial state. So a host can free instances that are at rest.
   */
  readonly resume?: (path: string) => object | undefined
  /**
   * How a path writes the index of a family's member. By default, brackets are escaped if they do not match, so that no two
   * instances have the same path. `'as they are'` never escapes them, for a wire that demands this.
   */
  readonly indexes?: 'escaped' | 'as they are'
  /** How many events one input from outside may trigger. Beyond that, the process crashes, because it seems to go on forever. By default, no limit. */
  readonly limitStepEvents?: number
}
