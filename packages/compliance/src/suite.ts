import { check, type PropertyVerdict } from '@upon/checker'
import type {
  Abstraction,
  Algorithm,
  ConnectionWatch,
  FairLossPointToPointLinks,
  Layer,
  MessageCapacity,
  Module,
  Outside,
  PerfectPointToPointLinks,
  ProcessId,
  RandomSource,
  Signatures,
  StableStorage,
  Timer,
  Turn,
} from '@upon/contract'
import type { ClientOperation, ExploredProcess, Perform, Random, RecordScope, Scenario, Sometimes } from '@upon/simulator'
import type { Trace } from '@upon/trace'
import type { Asking, Offer } from './offers'

/** What the simulator supplies below an algorithm. An algorithm that needs more cannot be tested over its default layers. */
type Supplied =
  | PerfectPointToPointLinks
  | FairLossPointToPointLinks
  | Timer
  | ConnectionWatch
  | StableStorage
  | RandomSource
  | Signatures
  | Turn
  | MessageCapacity

/** An implementation of `M`: one of ours or one by a user. */
export type Tested<M extends Module> = Algorithm<M> & Layer<M, Supplied>

/** A process in which an application runs, simulated or explored. */
export type ProcessUnderTest = Pick<ExploredProcess, 'self' | 'processes' | 'run' | 'upon'>

/**
 * How a module is tested, whatever implements it: what its users do, what must hold, and which situations must occur for the test to mean
 * anything.
 */
export interface Suite<M extends Module, O = unknown> {
  readonly module: Abstraction<M>
  /** Runs the algorithm in a process as an application would; returns how its client performs an operation, if it has a client. */
  readonly start: (process: ProcessUnderTest, algorithm: Tested<M>) => Perform<O> | undefined
  /** The clients' operations under a seed. */
  readonly operations: (random: Random, processes: readonly ProcessId[]) => readonly ClientOperation<O>[]
  /** A few operations that show the module at work, for exhaustive tests of small systems and for pictures. */
  readonly few: (processes: readonly ProcessId[]) => readonly ClientOperation<O>[]
  /** What the client at a process may ask for now; nothing by default. Within what the module allows its users: one proposal, one writer. */
  readonly offers?: (asking: Asking<O>) => readonly Offer<O>[]
  /** An operation in words: `write 5`. */
  readonly describe?: (operation: O) => string
  /** The verdicts on a trace in which the algorithm ran at `path`: by default those on the module's properties. */
  readonly judge?: (trace: Trace, path: string) => readonly PropertyVerdict[]
  /** What `judge` and `sometimes` need to see; by default what the application sees. */
  readonly record?: RecordScope
  readonly rests?: NonNullable<Scenario['rests']>
  /** Situations that must occur in some runs. */
  readonly sometimes?: Sometimes<O>
}

/** Runs an algorithm under test. That it needs no more than is supplied was checked before. */
export const run = <M extends Module, P>(process: ProcessUnderTest, algorithm: Tested<M>): Outside<M, P> =>
  process.run(algorithm as never) as never

/** The verdicts of a suite. */
export const verdictsOf = <M extends Module, O>({ module, judge }: Suite<M, O>, trace: Trace, path: string): readonly PropertyVerdict[] =>
  judge?.(trace, path) ?? check(trace, module, { path })

/** The module's properties that these verdicts decide: they hold, or do not. `unknown` decides nothing. */
export const judgedBy = <M extends Module>({ module }: Pick<Suite<M>, 'module'>, verdicts: readonly PropertyVerdict[]): string[] =>
  Object.keys(module.properties).filter((name) =>
    verdicts.some(({ property, holds }) => property === name && (holds === true || holds === false)),
  )

const at = <O>(process: ProcessId, operation: O): ClientOperation<O> => ({ process, afterMs: 0, operation })

/** One operation per process, at once, at the first `count` processes. */
export const each = <O>(processes: readonly ProcessId[], operation: (i: number) => O, count = processes.length): ClientOperation<O>[] =>
  processes.slice(0, count).map((p, i) => at(p, operation(i)))
