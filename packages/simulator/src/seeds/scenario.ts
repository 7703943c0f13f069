import { momentText, type TraceEntry } from '@upon/trace'
import type { RecordScope } from '../engine/recorder'
import { limitsOf, type Run, type RunOptions, runPlan, type Setup } from '../engine/simulate'
import type { Limits } from '../engine/simulation'
import { drawPlan } from '../plan/draw'
import { outsideModel } from '../plan/outside-model'
import type { Plan } from '../plan/plan'
import type { PlanSpace } from '../plan/plan-space'
import { hex } from '../plan/random'

/** How a run violates a property. */
export interface Violation {
  /** By its name in the book: `UC4`. */
  readonly property: string
  /** The property as a sentence, in the words of the book if it is there. */
  readonly means?: string
  /** What went wrong, in plain words. */
  readonly why: string
  /** The path of the instance. */
  readonly path?: string
  /** The trace entries that show it, if they are few. */
  readonly events?: readonly TraceEntry[]
}

/** Reported instead of a property when a plan exceeds the model under test. */
export const BROKEN_ASSUMPTION = 'the assumptions'

/** Violated by a run that does not come to rest. */
export const RESTS = 'comes to rest'

/** Violated by a run that need not rest, but uses up its events before its time. */
export const LETS_TIME_PASS = 'lets time pass'

/** A test for many seeds: what each process runs, what its clients do, and what must hold. */
export interface Scenario<O = unknown> extends PlanSpace<O> {
  readonly name: string
  readonly setup: Setup<O>
  /** The first property found violated, if any. Judge liveness only at `quiescent` ends. */
  readonly check: (run: Run) => Violation | undefined
  /** What `check` and `sometimes` need to see; `application` by default. */
  readonly record?: RecordScope
  /**
   * Whether a run must come to rest; it must, by default. Stubborn links never do: then it must last until its limit of virtual time.
   * `either`: it may go on forever and is cut anywhere, so that only safety can be judged.
   */
  readonly rests?: 'always' | 'never' | 'either'
  /** What each run may cost, if the caller sets no other limit. */
  readonly limits?: Partial<Limits>
  /** Situations that some of the runs must bring about, or the scenario tries too little: `a leader changed`. */
  readonly sometimes?: Sometimes<O>
}

/** Situations, in words, and whether one occurred in a run. */
export type Sometimes<O = unknown> = Readonly<{ [situation: string]: (run: Run, plan: Plan<O>) => boolean }>

/** The outcome of one seed. */
export interface Outcome<O = unknown> {
  readonly seed: number
  readonly plan: Plan<O>
  readonly run: Run
  readonly violation: Violation | undefined
}

/** Runs what a seed draws. Same scenario, same seed: same outcome. */
export function runSeed<O>(scenario: Scenario<O>, seed: number, options: RunOptions = {}): Outcome<O> {
  const plan = drawPlan(scenario, seed)
  return { seed, plan, ...judge(scenario, plan, { origin: { seed: hex(seed) }, ...options }) }
}

/** Runs a plan and checks it. */
export function judge<O>(scenario: Scenario<O>, plan: Plan<O>, options: RunOptions = {}): Pick<Outcome, 'run' | 'violation'> {
  const limits = { ...scenario.limits, ...options.limits }
  const run = runPlan(plan, scenario.setup, { record: scenario.record ?? 'application', ...options, limits })
  return { run, violation: violationOf(scenario, plan, run, limitsOf(plan, limits)) }
}

/** A plan outside the model shows nothing about the algorithm; the violation then says so. */
function violationOf<O>(scenario: Scenario<O>, plan: Plan<O>, run: Run, limits: Limits): Violation | undefined {
  const beyond = outsideModel(plan, scenario)
  if (beyond !== undefined) return { property: BROKEN_ASSUMPTION, why: `${beyond}; so nothing can be said about the algorithm` }
  const [error] = run.errors
  if (error !== undefined) return { property: 'no handler throws', why: error.message }
  const found = scenario.check(run)
  if (found !== undefined || run.end === 'quiescent' || scenario.rests === 'either') return found
  if (scenario.rests === 'never') return isPastTime(run, limits) ? undefined : { property: LETS_TIME_PASS, means: SLOWLY, why: busy(run) }
  return { property: RESTS, means: 'what each run must do once its faults have ended and there are no more requests', why: busy(run) }
}

const busy = ({ events, virtualMs }: Run) => `still busy after ${events} events, at ${momentText(virtualMs)} ms`

const SLOWLY = 'what a run without end must do: one that uses up all its events before its time is over shows nothing'

const isPastTime = ({ virtualMs }: Run, limits: Limits) => virtualMs >= limits.virtualMs
