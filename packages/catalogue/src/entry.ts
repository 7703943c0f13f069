import { type ExhaustiveOptions, type ScenarioOptions, type Suite, scenarioOf, sideBySide, type Tested } from '@upon/compliance'
import { type Assumptions, assumptionsOf, type Module, type ProcessId } from '@upon/contract'
import { type ClientOperation, type Fault, hasAdversarialLayers, type Plan, type Run, type Scenario } from '@upon/simulator'

/** The cost of an operation when nothing fails and every message takes one step, as the algorithm's header says. */
export interface Cost<O = unknown> {
  /** In words: `a read`. */
  readonly of: string
  /** What happens at the start. Everything that follows from it is counted. */
  readonly operations: (processes: readonly ProcessId[]) => readonly ClientOperation<O>[]
  /** Communication steps until the last process got its indication: `5`, `N`. */
  readonly steps: number | string
  /** Messages in total, including those of a process to itself, in terms of the number of processes: `4N`, `N²`. */
  readonly messages: string
  /** The numbers of processes for which it is counted: 3, 5 and 7 by default. */
  readonly among?: readonly number[]
}

/** A small system that is explored. */
export interface System extends Pick<ExhaustiveOptions, 'processes' | 'crashes' | 'timeouts' | 'losses' | 'repeats' | 'lies'> {
  /** How many states are visited, if there are too many. */
  readonly limitStates?: number
  /** The properties that no state gives a verdict on: liveness, where timers never end. */
  readonly unjudged?: readonly string[]
  /** Only in the deep tests: it has many states. */
  readonly isDeep?: true
}

/** A situation that drawn schedules bring about too rarely, and a schedule in which it occurs. */
export interface RareSituation<O = unknown> {
  readonly occurs: (run: Run) => boolean
  readonly plan: Plan<O>
}

export interface EntryOptions<M extends Module, O> extends ScenarioOptions<M, O> {
  /** None if costs are per period, as those of detectors. */
  readonly costs?: readonly Cost<O>[]
  /** The sizes of the systems that it is tested in, by turns; from 1 to 7 by default. */
  readonly sizes?: readonly number[]
  /** Situations that need a schedule of their own. */
  readonly rarely?: Readonly<Record<string, RareSituation<O>>>
  /** Which instances its picture shows, by path; by default everything down to the links, without detectors. */
  readonly shows?: (path: string) => boolean
  /** The faults in a second picture of it, such as a crash in the middle of a broadcast. */
  readonly faults?: readonly Fault[]
  /** The small systems that are explored; by default one of two processes without crashes. */
  readonly systems?: readonly System[]
}

/** An algorithm of the project, and how it is tested. */
export interface Entry<M extends Module = Module, O = unknown> {
  /** The name of the algorithm, unless it is listed over other layers, too. */
  readonly name: string
  readonly suite: Suite<M, O>
  readonly algorithm: Tested<M>
  /** Its own assumptions and those of its layers. */
  readonly assumes: Assumptions
  readonly scenario: Scenario<O>
  /** The same over adversarial layers, if it has any. */
  readonly overAdversarial: Scenario<O> | undefined
  /** Two instances in each process, over its own layers. */
  readonly sideBySide: Scenario
  readonly options: EntryOptions<M, O>
}

/** Puts an algorithm into the catalogue. */
export function entry<M extends Module, O>(suite: Suite<M, O>, algorithm: Tested<M>, options: EntryOptions<M, O> = {}): Entry {
  const { name = algorithm.name } = options
  const { sometimes: _, ...beneath } = options // what its own layers bring about
  const made: Entry<M, O> = {
    name,
    suite,
    algorithm,
    assumes: assumptionsOf(algorithm),
    scenario: scenarioOf(suite, algorithm, options),
    overAdversarial:
      options.layers !== 'own' && hasAdversarialLayers(algorithm)
        ? scenarioOf(suite, algorithm, { ...beneath, layers: 'adversarial' })
        : undefined,
    sideBySide: sideBySide(suite, algorithm, options) as unknown as Scenario,
    options,
  }
  return made as unknown as Entry
}
