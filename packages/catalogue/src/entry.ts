import { type ExhaustiveOptions, type ScenarioOptions, type Suite, scenarioOf, sideBySide, type Tested } from '@upon/compliance'
import { type Assumptions, assumptionsOf, type Module, type ProcessId } from '@upon/contract'
import { type ClientOperation, type Fault, hasAdversarialLayers, type Scenario } from '@upon/simulator'

/** What an operation costs when nothing fails and every message takes one step, as the algorithm's header says. */
export interface Cost<O = unknown> {
  /** In words: `a read`. */
  readonly of: string
  /** What is done at the start; what that brings about is counted to its end. */
  readonly operations: (processes: readonly ProcessId[]) => readonly ClientOperation<O>[]
  /** Communication steps until the last of the processes has been told what it was to be told: `5`, `N`. */
  readonly steps: number | string
  /** Messages in all, those to oneself included, in terms of the number of processes: `4N`, `N²`. */
  readonly messages: string
  /** How many processes it is counted among: 3, 5 and 7 by default. */
  readonly among?: readonly number[]
}

/** A small system that is explored. */
export interface System extends Pick<ExhaustiveOptions, 'processes' | 'crashes' | 'timeouts' | 'losses' | 'repeats' | 'lies'> {
  /** How many states are visited, where there are too many for all of them. */
  readonly limitStates?: number
  /** The properties that no state gives a verdict on, as of liveness where timers go on and on. */
  readonly unjudged?: readonly string[]
  /** Only where there is time: its states are many. */
  readonly isDeep?: true
}

export interface EntryOptions<M extends Module, O> extends ScenarioOptions<M, O> {
  /** None where costs are counted by the period, as those of detectors. */
  readonly costs?: readonly Cost<O>[]
  /** The sizes of the systems that it is tried in, by turns; from 1 to 7 by default. */
  readonly sizes?: readonly number[]
  /** Which instances its picture shows, by their paths, where not everything down to the links; never detectors below it. */
  readonly shows?: (path: string) => boolean
  /** What goes wrong in a second picture of it: a crash in the middle of a broadcast, say. */
  readonly faults?: readonly Fault[]
  /** The small systems of which every schedule is tried; one of two processes, none of which crashes, by default. */
  readonly systems?: readonly System[]
}

/** An algorithm of the project, and how it is tested. */
export interface Entry<M extends Module = Module, O = unknown> {
  /** The algorithm's, unless it stands here over other layers too. */
  readonly name: string
  readonly suite: Suite<M, O>
  readonly algorithm: Tested<M>
  /** Its own and its layers'. */
  readonly assumes: Assumptions
  readonly scenario: Scenario<O>
  /** The same over adversarial layers, if there are any. */
  readonly overAdversarial: Scenario<O> | undefined
  /** Two instances in each process, over its own layers. */
  readonly sideBySide: Scenario
  readonly options: EntryOptions<M, O>
}

/** Puts an algorithm into the catalogue. */
export function entry<M extends Module, O>(suite: Suite<M, O>, algorithm: Tested<M>, options: EntryOptions<M, O> = {}): Entry {
  const { name = algorithm.name } = options
  const { sometimes: _, ...beneath } = options // what layers of its own bring about
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
