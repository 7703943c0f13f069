import { exhaustive, sizeOf } from '@upon/compliance'
import { type Algorithm, layersOf, type Module } from '@upon/contract'
import { runSeed, type Scenario } from '@upon/simulator'
import { catalogue, type Entry, type System } from '../../src'
import { costOf } from '../proofs/cost'

/** How much is tried before a mutant has survived. */
export interface Budget {
  /** Schedules of each entry over each kind of layers. */
  readonly runs: number
  /** And no more than so long for each of these. */
  readonly limitMs: number
}

/** What caught a mutant: a property, or the costs. */
export interface Caught {
  readonly by: string
  readonly why: string
  readonly entry: string
  /** Schedules tried until then, of all entries. */
  readonly schedules: number
}

export interface Outcome {
  readonly caught: Caught | undefined
  readonly schedules: number
  readonly entries: readonly string[]
}

const ROUND = 50

const usesOf = (algorithm: Algorithm<Module>) => layersOf(algorithm).flatMap(({ layer }) => ('name' in layer ? [layer.name] : []))

/** The entries of these algorithms, and then those that stand directly upon them. */
export function entriesOf(algorithms: readonly string[]): readonly Entry[] {
  const own = catalogue.filter(({ algorithm }) => algorithms.includes(algorithm.name))
  const users = catalogue.filter((entry) => !own.includes(entry) && usesOf(entry.algorithm).some((name) => algorithms.includes(name)))
  return [...own, ...users]
}

/** Tries schedules of each entry by turns, until one is caught. */
export function trial(algorithms: readonly string[], { runs, limitMs }: Budget): Outcome {
  const entries = entriesOf(algorithms)
  let tries = entries.flatMap(({ name, scenario, overAdversarial, sideBySide, options }) =>
    [scenario, overAdversarial, sideBySide].flatMap((of) =>
      of === undefined ? [] : [{ name: of.name, entry: name, of, sizes: options.sizes, spentMs: 0, seed: 1 }],
    ),
  )
  let schedules = 0
  const outcome = (caught: Omit<Caught, 'schedules'> | undefined): Outcome => ({
    caught: caught && { ...caught, schedules },
    schedules,
    entries: entries.map(({ name }) => name),
  })
  while (tries.length > 0) {
    for (const one of tries) {
      const start = performance.now()
      for (const end = one.seed + ROUND; one.seed < end; one.seed++) {
        schedules++
        const found = violationIn({ ...one.of, processes: sizeOf(one.seed, one.sizes) }, one.seed)
        if (found !== undefined) return outcome({ ...found, entry: one.name })
      }
      one.spentMs += performance.now() - start
    }
    tries = tries.filter(({ seed, spentMs }) => seed <= runs && spentMs < limitMs)
  }
  return outcome(beyondSchedules(entries.filter(({ algorithm }) => algorithms.includes(algorithm.name))))
}

function violationIn(scenario: Scenario, seed: number): Pick<Caught, 'by' | 'why'> | undefined {
  try {
    const { violation } = runSeed(scenario, seed)
    return violation && { by: violation.property, why: violation.why }
  } catch (error) {
    return { by: 'crash', why: String(error) }
  }
}

/** What the other tests of the catalogue would say: costs, and small systems. */
function beyondSchedules(entries: readonly Entry[]): Omit<Caught, 'schedules'> | undefined {
  for (const entry of entries) {
    for (const cost of entry.options.costs ?? []) {
      const { actual, expected } = costOf(entry, cost, 3)
      if (actual.steps === expected.steps && actual.messages === expected.messages) continue
      return { by: 'costs', why: `${cost.of}: ${actual.steps} steps, ${actual.messages} messages`, entry: entry.name }
    }
    for (const system of entry.options.systems ?? [{}]) {
      const { unjudged: _, isDeep: __, ...small } = system as System
      const { counterexample } = exhaustive(entry.suite, entry.algorithm, { limitStates: 20_000, ...small, limitMs: 5_000 })
      if (counterexample !== undefined) {
        const { property, why } = counterexample.violation
        return { by: `${property} (explored)`, why, entry: entry.name }
      }
    }
  }
  return undefined
}
