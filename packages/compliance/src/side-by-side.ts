import type { Module, ProcessId } from '@upon/contract'
import type { ClientOperation, Perform, Random, Scenario, SimulatedProcess } from '@upon/simulator'
import { type ScenarioOptions, scenarioOf } from './scenario'
import { type ProcessUnderTest, type Suite, type Tested, verdictsOf } from './suite'

/** An operation of the first of two instances, or of the second. */
export interface OfInstance<O> {
  readonly instance: 1 | 2
  readonly operation: O
}

/** When all processes make the second instance, in ms from the start of the run. A process that recovers later makes it at once. */
const STARTS_MS = [0, 1, 50, 400]

const secondOf = (path: string) => `${path}2`

/** The process, with another name for what the suite runs. */
function named({ self, processes, upon, run }: ProcessUnderTest, rename: (name: string) => string): ProcessUnderTest {
  const runNamed = run as (layer: { readonly instance: string }, name: string) => unknown
  return { self, processes, upon, run: ((layer: { readonly instance: string }) => runNamed(layer, rename(layer.instance))) as never }
}

/** Operations of one instance, one at a time. They wait until the instance exists. */
class Lane<O> {
  readonly #waiting: O[] = []
  #perform: Perform<O> | undefined
  #isBusy = false

  open(perform: Perform<O> | undefined): void {
    this.#perform = perform
    this.#proceed()
  }

  add(operation: O): void {
    this.#waiting.push(operation)
    if (!this.#isBusy) this.#proceed()
  }

  #proceed(): void {
    const operation = this.#perform && this.#waiting.shift()
    this.#isBusy = operation !== undefined
    if (operation !== undefined) this.#perform?.(operation, () => this.#proceed())
  }
}

function start<M extends Module, O>(suite: Suite<M, O>, host: ProcessUnderTest, algorithm: Tested<M>): Perform<OfInstance<O>> {
  const process = host as SimulatedProcess // suites of two instances are simulated, never explored
  const lanes = { 1: new Lane<O>(), 2: new Lane<O>() }
  const lateMs = process.shared('second instance', () => process.randomFor('second instance').pick(STARTS_MS))
  lanes[1].open(suite.start(process, algorithm))
  process.after(Math.max(0, lateMs - process.nowMs), () => lanes[2].open(suite.start(named(process, secondOf), algorithm)))
  return ({ instance, operation }, done) => {
    lanes[instance].add(operation)
    done()
  }
}

function operationsOf<M extends Module, O>(
  suite: Suite<M, O>,
  random: Random,
  processes: readonly ProcessId[],
): ClientOperation<OfInstance<O>>[] {
  const all = ([1, 2] as const).map((instance) =>
    suite.operations(random, processes).map(({ operation, ...rest }) => ({ ...rest, operation: { instance, operation } })),
  )
  const [first = [], second = []] = all
  const length = Math.max(first.length, second.length)
  return Array.from({ length }, (_, i) => [first[i], second[i]].filter((operation) => operation !== undefined)).flat()
}

const ofTwo = <M extends Module, O>(suite: Suite<M, O>): Suite<M, OfInstance<O>> => ({
  module: suite.module,
  start: (process, algorithm) => start(suite, process, algorithm),
  operations: (random, processes) => operationsOf(suite, random, processes),
  few: () => [],
  judge: (trace, path) => [path, secondOf(path)].flatMap((of) => verdictsOf(suite, trace, of)),
  ...(suite.record === undefined ? {} : { record: suite.record }),
  ...(suite.rests === undefined ? {} : { rests: suite.rests }),
})

/**
 * A scenario with two instances of an algorithm in each process. The second is made while the first is at work, perhaps after crashes. What
 * holds of one instance must hold of each, whatever they share below them.
 */
export function sideBySide<M extends Module, O>(
  suite: Suite<M, O>,
  algorithm: Tested<M>,
  { name = algorithm.name, processes, over }: Omit<ScenarioOptions<M, O>, 'layers'> = {},
): Scenario<OfInstance<O>> {
  return scenarioOf(ofTwo(suite), algorithm, {
    name: `${name} --side-by-side`,
    ...(processes === undefined ? {} : { processes }),
    ...(over === undefined ? {} : { over }),
  })
}
