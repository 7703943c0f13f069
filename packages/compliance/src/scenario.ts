import type { PropertyVerdict } from '@upon/checker'

import {
  type Algorithm,
  type Assumptions,
  assumptionsOf,
  assumptionsText,
  isAlgorithm,
  type Module,
  modelOf,
  moduleOf,
  stackOf,
} from '@upon/contract'
import {
  overAdversarialLayers,
  type RecordScope,
  type Run,
  type Scenario,
  type SimulatedProcess,
  type Sometimes,
  type Violation,
} from '@upon/simulator'

import type { Trace } from '@upon/trace'
import { judgedBy, type Suite, type Tested, verdictsOf } from './suite'

export interface ScenarioOptions<M extends Module, O = unknown> {
  /** The algorithm's own name by default. */
  readonly name?: string
  /** 5 by default. */
  readonly processes?: number
  /**
   * The algorithm's own layers by default; `adversarial`: the worst layers that the modules it uses allow, so that it is tested against
   * their specifications. A detector that is right by specification needs no synchrony.
   */
  readonly layers?: 'own' | 'adversarial'
  /** Puts other layers below the algorithm at one process. */
  readonly over?: (algorithm: Tested<M>, process: SimulatedProcess) => Tested<M>
  /** Situations beyond those of the module's suite, and the modules whose events they need to see. */
  readonly sometimes?: Sometimes<O>
  readonly record?: readonly string[]
  /**
   * Situations of the suite that occur in fewer than one percent of the runs, too rarely to require them; and those that are as rare over
   * adversarial layers.
   */
  readonly rare?: readonly string[]
  readonly rareOverAdversarial?: readonly string[]
}

/**
 * Links that retransmit need never rest, since nothing tells a silent process from a crashed one. A run over them lasts at most this long,
 * and what has not arrived by then counts as never: stubborn links send every message all the time, others one after the other, perhaps over
 * slow links.
 */
const SETTLED_MS = { stubborn: 10_000, other: 120_000 } as const

/** More events than any algorithm needs in that time, unless it loops. */
const SETTLED_EVENTS = 500_000

/** A hundred operations in sequence, of some steps each, over slow links: longer than any run that comes to rest. */
const RESTING = { virtualMs: 3_600_000, events: 2_000_000 } as const

/** The trace of a run that may go on forever, marked as quiescent if it lasted long enough. */
const ended = ({ trace, virtualMs }: Run, settledMs: number): Trace => (virtualMs >= settledMs ? { ...trace, end: 'quiescent' } : trace)

/** The scenario of an algorithm under the suite of its module, within what it and its layers assume. */
export function scenarioOf<M extends Module, O>(
  suite: Suite<M, O>,
  algorithm: Tested<M>,
  {
    name = algorithm.name,
    processes = 5,
    layers = 'own',
    over,
    sometimes,
    record = [],
    rare = [],
    rareOverAdversarial = [],
  }: ScenarioOptions<M, O> = {},
): Scenario<O> {
  const assumes = layers === 'adversarial' ? assumptionsOverAdversarial(algorithm) : assumptionsOf(algorithm)
  const { resilience } = assumes
  const model = modelOf(assumes)
  if (model === 'fail-arbitrary')
    throw new RangeError(`${algorithm.name} assumes ${assumptionsText(assumes)}: processes that lie are not simulated`)
  if (Object.keys(suite.module.properties).length === 0)
    throw new RangeError(`${suite.module.name} declares no properties: there is nothing to judge`)
  const rests = suite.rests ?? (retransmits(algorithm) ? 'never' : 'always')
  const settledMs = rests === 'always' ? undefined : SETTLED_MS[isStubborn(algorithm) ? 'stubborn' : 'other']
  const judge = judging(suite, algorithm.instance, settledMs)
  return {
    name: layers === 'adversarial' ? `${name}${OVER_ADVERSARIAL}` : name,
    processes,
    model,
    resilience,
    loss: needs(algorithm, 'FairLossPointToPointLinks') ? 'fair' : 'never',
    setup: (process) => {
      const below = over?.(algorithm, process) ?? algorithm
      return suite.start(process, layers === 'adversarial' ? (overAdversarialLayers(below, process) as Tested<M>) : below)
    },
    operations: suite.operations,
    check: (run) => violationOf(suite, judge(run)),
    record: both(suite.record ?? 'application', record),
    rests,
    limits: settledMs === undefined ? RESTING : { virtualMs: settledMs, events: SETTLED_EVENTS },
    sometimes: {
      ...verdictsIn(suite, judge),
      ...without(suite.sometimes, layers === 'adversarial' ? [...rare, ...rareOverAdversarial] : rare),
      ...sometimes,
    },
  }
}

/** The verdicts on a run, kept since they are needed repeatedly. */
function judging<M extends Module, O>(
  suite: Suite<M, O>,
  path: string,
  settledMs: number | undefined,
): (run: Run) => readonly PropertyVerdict[] {
  let last: { readonly run: Run; readonly verdicts: readonly PropertyVerdict[] } | undefined
  return (run) => {
    if (last?.run !== run) last = { run, verdicts: verdictsOf(suite, settledMs === undefined ? run.trace : ended(run, settledMs), path) }
    return last.verdicts
  }
}

/** The situation that a property is judged at all. A property without any verdict, for lack of a check for example, has not been tested. */
export const isJudged = (property: string): string => `${property} is judged`

function verdictsIn<M extends Module, O>(suite: Suite<M, O>, judge: (run: Run) => readonly PropertyVerdict[]): Sometimes<O> {
  const one = (property: string) => [isJudged(property), (run: Run) => judgedBy(suite, judge(run)).includes(property)] as const
  return Object.fromEntries(Object.keys(suite.module.properties).map(one))
}

const without = <O>(sometimes: Sometimes<O> = {}, names: readonly string[]): Sometimes<O> =>
  Object.fromEntries(Object.entries(sometimes).filter(([name]) => !names.includes(name)))

/** The default of the command. */
const OVER_ADVERSARIAL = ' --adversarial'

/** An adversarial detector satisfies its module whatever the network does. */
const assumptionsOverAdversarial = ({ assumes }: Algorithm<Module>): Assumptions =>
  assumes.timing === 'synchronous' ? { ...assumes, timing: 'asynchronous' } : assumes

const both = (record: RecordScope, modules: readonly string[]): RecordScope => {
  if (modules.length === 0 || record === 'everything') return record
  return typeof record === 'string' ? modules : [...record, ...modules]
}

/** The violated property to report: one of safety if there is one, since it says more. */
export function violationOf<M extends Module, O>({ module }: Suite<M, O>, verdicts: readonly PropertyVerdict[]): Violation | undefined {
  const violated = verdicts.filter(({ holds }) => holds !== true && holds !== 'unknown') // also ill-formed traces: no algorithm may produce them
  const isSafety = ({ property }: PropertyVerdict) => module.properties[property]?.includes('(safety') ?? false
  const found = violated.find(isSafety) ?? violated[0]
  if (found === undefined) return undefined
  const means = module.properties[found.property]
  return means === undefined ? found : { ...found, means }
}

/** Whether some layer below an algorithm needs a supplied module. */
const needs = (algorithm: Algorithm<Module>, module: string): boolean =>
  stackOf(algorithm).some(({ layer }) => layer.sort === 'abstraction' && layer.name === module)

const RETRANSMITTING = new Set(['StubbornPointToPointLinks', 'AtLeastOncePointToPointLinks'])

/** Whether some links below an algorithm retransmit. */
const retransmits = (algorithm: Algorithm<Module>): boolean =>
  stackOf(algorithm).some(({ layer }) => isAlgorithm(layer) && RETRANSMITTING.has(layer.abstraction.name))

const STUBBORN = 'StubbornPointToPointLinks'

/** Whether an algorithm, or a layer below it, retransmits forever. */
const isStubborn = (algorithm: Algorithm<Module>): boolean =>
  [algorithm, ...stackOf(algorithm).map(({ layer }) => layer)].some((layer) => moduleOf(layer).name === STUBBORN)
