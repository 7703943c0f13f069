import type { Abstraction, Module } from '@upon/contract'
import { checkDeterminism, type Failure, hasAdversarialLayers, hex, runSeed, type Scenario, type Statistics } from '@upon/simulator'
import { expectNoCounterexample } from './counterexample'
import { type ExplainOptions, explain } from './explain'
import { isJudged, type ScenarioOptions, scenarioOf } from './scenario'
import { sideBySide } from './side-by-side'
import type { Suite, Tested } from './suite'
import { suiteOf } from './suites'
import { runTurns, sizeOf } from './turns'

/** What a test runner must have; vitest, jest, mocha and node:test do. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown
  readonly it: (name: string, body: () => void, timeoutMs?: number) => unknown
}

export interface ComplianceOptions<M extends Module, O = unknown> extends TestRunner, Omit<ScenarioOptions<M, O>, 'processes'> {
  readonly algorithm: Tested<M>
  /** How many seeds; 500 by default. */
  readonly runs?: number
  /** The first seed; 1 by default. */
  readonly seed?: number
  /** The sizes of the systems, by turns: the size depends on the seed alone. From 1 to 7 by default. */
  readonly sizes?: readonly number[]
  /** How many states of a system of two processes are visited at most, 5,000 by default; 0: none. */
  readonly limitStates?: number
  /** The command that runs `upon-sim`, if it knows the algorithm by name. By default a failure says which options of `compliance` reproduce it. */
  readonly command?: string
}

/** With fewer runs, situations need not occur: such a call reproduces some seeds. */
const LEAST_RUNS = 20

/** Ends only a test that hangs: the speed of the machine says nothing about an algorithm. */
const TIMEOUT_MS = 3_600_000

/**
 * Tests that an algorithm implements a module: a test for each property, under many schedules that its model allows, over its own layers and
 * over the worst ones that their modules allow; with two instances at once; under the schedules of a small system; and a test for each
 * situation that makes these schedules worth trying.
 *
 *     compliance(UniformReliableBroadcast, { algorithm: MyBroadcast, describe, it })
 *
 * A violated property fails its test with the seed, the shortest schedule that shows it, and its picture. A property that no run gave a
 * verdict on fails, too. Instead of a module with a suite here, you can pass your own {@link Suite}.
 */
export function compliance<M extends Module, O = unknown>(module: Abstraction<M> | Suite<M, O>, options: ComplianceOptions<M, O>): void {
  const { algorithm, layers } = options
  const suite = 'module' in module ? module : (suiteOf(module) as Suite<M, O>)
  if (layers !== 'adversarial') testOver('own', suite, options)
  if (layers !== 'own' && hasAdversarialLayers(algorithm)) testOver('adversarial', suite, options)
}

function testOver<M extends Module, O>(layers: 'own' | 'adversarial', suite: Suite<M, O>, options: ComplianceOptions<M, O>): void {
  const { describe, it, algorithm, runs = 500, seed = 1, limitStates = 5_000 } = options
  const { sometimes, ...others } = options
  const scenario = scenarioOf(suite, algorithm, { ...(layers === 'own' ? options : others), layers })
  const properties = Object.entries(suite.module.properties)
  const judged = new Set(properties.map(([property]) => isJudged(property)))
  const situations = runs < LEAST_RUNS ? [] : Object.keys(scenario.sometimes ?? {}).filter((name) => !judged.has(name))
  const again = { ...options, module: suite.module.name }
  const over = layers === 'own' ? '' : ' over adversarial layers'
  describe(`${options.name ?? algorithm.name} is ${suite.module.name}${over}`, () => {
    const trial = new Trial(scenario, { seed, runs }, again)
    for (const [property, text] of properties)
      it(
        `${property} ${text}`,
        () => {
          trial.expectNoFailure(({ property: violated }) => violated === property)
          trial.expectSometimes(isJudged(property))
        },
        TIMEOUT_MS,
      )
    const isOther = ({ property }: Failure) => !Object.hasOwn(suite.module.properties, property)
    it('comes to rest, and no handler throws', () => trial.expectNoFailure(isOther), TIMEOUT_MS)
    for (const situation of situations) it(`sometimes ${situation}`, () => trial.expectSometimes(situation), TIMEOUT_MS)
    if (layers === 'own') {
      const two = new Trial(sideBySide(suite, algorithm, options), { seed, runs: Math.ceil(runs / 4) }, again)
      const expectBoth = () => {
        two.expectNoFailure(() => true)
        for (const [property] of properties) two.expectSometimes(isJudged(property))
      }
      it('two instances side by side do not disturb each other', expectBoth, TIMEOUT_MS)
    }
    it('the same seed gives the same run', () => void checkDeterminism({ ...scenario, processes: 3 }, seed), TIMEOUT_MS)
    if (layers === 'own' && options.over === undefined && limitStates > 0)
      it(
        `nothing is violated in any schedule of two processes, or in the ${limitStates} states that come first`,
        () => expectNoCounterexample(suite, algorithm, { limitStates }),
        TIMEOUT_MS,
      )
  })
}

interface Again extends Pick<ComplianceOptions<Module>, 'sizes' | 'command'> {
  /** The module's name. */
  readonly module: string
}

/** The runs that all tests of an algorithm share, made by the first test. */
class Trial<O> {
  #made: Statistics | undefined

  constructor(
    readonly scenario: Scenario<O>,
    readonly seeds: { readonly seed: number; readonly runs: number },
    readonly again: Again,
  ) {}

  get #results(): Statistics {
    this.#made ??= runTurns(this.scenario, this.seeds.seed, this.seeds.runs, this.again.sizes)
    return this.#made
  }

  expectNoFailure(isOfInterest: (failure: Failure) => boolean): void {
    const failure = this.#results.failures.find(isOfInterest)
    if (failure === undefined) return
    const scenario = { ...this.scenario, processes: sizeOf(failure.seed, this.again.sizes) }
    throw new Error(explain(scenario, runSeed(scenario, failure.seed), undefined, this.#explaining))
  }

  /** Only this test knows a user's algorithm by name. */
  get #explaining(): ExplainOptions {
    const { command, module } = this.again
    if (command !== undefined) return { command }
    return { again: (seed) => `compliance(${module}, { ..., seed: ${hex(seed)}, runs: 1 })` }
  }

  expectSometimes(situation: string): void {
    const { runs, sometimes } = this.#results
    if ((sometimes[situation] ?? 0) === 0) throw new Error(`${situation}: not in one of ${runs} runs; what was tried shows too little`)
  }
}
