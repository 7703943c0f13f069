import { spaceTimeText } from '@upon/checker'
import type { Abstraction, Module } from '@upon/contract'
import { checkDeterminism, explain, type Failure, hasIdealLayers, runSeed, runSeeds, type Scenario, type Statistics } from '@upon/simulator'
import { exhaustive } from './exhaustive'
import { type ScenarioOptions, scenarioOf } from './scenario'
import { sideBySide } from './side-by-side'
import type { Suite, Tested } from './suite'
import { suiteOf } from './suites'

/** What is needed of a test runner: vitest, jest, mocha and node:test have it. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown
  readonly it: (name: string, body: () => void, timeoutMs?: number) => unknown
}

export interface ComplianceOptions<M extends Module, O = unknown> extends TestRunner, ScenarioOptions<M, O> {
  readonly algorithm: Tested<M>
  /** How many seeds, spread over systems of 2 to 7 processes; 500 unless told. */
  readonly runs?: number
  /** The first seed; 1 unless told. */
  readonly seed?: number
  /** How many states of a system of two processes are visited; 5,000 unless told. */
  readonly limitStates?: number
}

const SYSTEMS = [2, 3, 4, 5, 7]
const TIMEOUT_MS = 120_000

/**
 * Tests that an algorithm implements a module: a test for each property, under many schedules that its model allows, over its own
 * layers and over the worst ones that their modules allow; with two instances at once; under every schedule of a small system; and tests
 * that these schedules brought about what makes them worth trying.
 *
 *     compliance(UniformReliableBroadcast, { algorithm: MyBroadcast, describe, it })
 *
 * A property that is violated fails its test with the seed, the shortest schedule that shows it, and that schedule's picture.
 * Instead of a module with a suite here, a {@link Suite} of one's own may be handed in.
 */
export function compliance<M extends Module, O = unknown>(module: Abstraction<M> | Suite<M, O>, options: ComplianceOptions<M, O>): void {
  const { algorithm, layers } = options
  const suite = 'module' in module ? module : (suiteOf(module) as Suite<M, O>)
  if (layers !== 'ideal') testOver('own', suite, options)
  if (layers !== 'own' && hasIdealLayers(algorithm)) testOver('ideal', suite, options)
}

function testOver<M extends Module, O>(layers: 'own' | 'ideal', suite: Suite<M, O>, options: ComplianceOptions<M, O>): void {
  const { describe, it, algorithm, runs = 500, seed = 1, limitStates = 5_000 } = options
  const { sometimes, ...others } = options
  const scenario = scenarioOf(suite, algorithm, { ...(layers === 'own' ? options : others), layers })
  const over = layers === 'own' ? '' : ' over ideal layers'
  describe(`${options.name ?? algorithm.name} is ${suite.module.name}${over}`, () => {
    const trial = new Trial(scenario, seed, Math.ceil(runs / SYSTEMS.length))
    for (const [property, text] of Object.entries(suite.module.properties))
      it(`${property} ${text}`, () => trial.expectNoFailure(({ property: violated }) => violated === property), TIMEOUT_MS)
    const isOther = ({ property }: Failure) => !Object.hasOwn(suite.module.properties, property)
    it('comes to rest, and no handler throws', () => trial.expectNoFailure(isOther), TIMEOUT_MS)
    for (const situation of Object.keys(scenario.sometimes ?? {}))
      it(`sometimes ${situation}`, () => trial.expectSometimes(situation), TIMEOUT_MS)
    if (layers === 'own') {
      const two = new Trial(sideBySide(suite, algorithm, options), seed, Math.ceil(runs / (4 * SYSTEMS.length)))
      it('two instances side by side do not disturb each other', () => two.expectNoFailure(() => true), TIMEOUT_MS)
    }
    it('the same seed gives the same run', () => void checkDeterminism(scenario, seed), TIMEOUT_MS)
    if (layers === 'own' && options.over === undefined)
      it(
        `holds in every schedule of two processes, or in the ${limitStates} states that come first`,
        () => expectNoCounterexample(suite, algorithm, limitStates),
        TIMEOUT_MS,
      )
  })
}

function expectNoCounterexample<M extends Module, O>(suite: Suite<M, O>, algorithm: Tested<M>, limitStates: number): void {
  const { counterexample } = exhaustive(suite, algorithm, { limitStates })
  if (counterexample === undefined) return
  const { violation, moves, trace } = counterexample
  const picture = spaceTimeText(trace, { marked: violation.events ?? [] })
  const means = violation.means === undefined ? '' : `\n  ${violation.property} is ${violation.means}`
  throw new Error(`${violation.property} violated: ${violation.why}${means}\n  ${moves.join('\n  ')}\n${picture}`)
}

/** The runs that all tests of an algorithm look at, made when the first of them does. */
class Trial<O> {
  #made: { readonly scenario: Scenario<O>; readonly statistics: Statistics }[] | undefined

  constructor(
    readonly scenario: Scenario<O>,
    readonly seed: number,
    readonly runs: number,
  ) {}

  get #results() {
    this.#made ??= SYSTEMS.map((processes) => {
      const scenario = { ...this.scenario, processes }
      return { scenario, statistics: runSeeds(scenario, this.seed, this.runs) }
    })
    return this.#made
  }

  expectNoFailure(isOfInterest: (failure: Failure) => boolean): void {
    for (const { scenario, statistics } of this.#results) {
      const failure = statistics.failures.find(isOfInterest)
      if (failure !== undefined) throw new Error(explain(scenario, runSeed(scenario, failure.seed)))
    }
  }

  expectSometimes(situation: string): void {
    const count = this.#results.reduce((sum, { statistics }) => sum + (statistics.sometimes[situation] ?? 0), 0)
    if (count === 0) throw new Error(`not in one of ${SYSTEMS.length * this.runs} runs: what was tried shows too little`)
  }
}
