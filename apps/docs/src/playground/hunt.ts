import type { Entry } from '@upon/catalogue'
import { exhaustive, scenarioOf, sizeOf, type Tested } from '@upon/compliance'
import type { Module } from '@upon/contract'
import { type Plan, runSeed, shrink } from '@upon/simulator'
import { lightsOf } from './lights'
import { open, opening } from './play'

/** What is looked for: a schedule in which an algorithm violates something. */
export interface Hunt {
  readonly entry: Entry
  readonly algorithm: Tested<Module>
  readonly layers: 'own' | 'adversarial'
  /** Always so many processes, or by turns as the tests have it. */
  readonly processes?: number
  readonly firstSeed: number
  readonly seeds: number
}

export interface Caught {
  readonly seed: number
  readonly property: string
  readonly why: string
  readonly plan: Plan
  /** How many things happen until it shows. */
  readonly nexts: number
  readonly steps: number
}

const LIMITS = { events: 20_000 }
/** More than a shrunk schedule has. */
const LIMIT_NEXTS = 1_500

/** The first seed that violates something, shrunk; nothing if none does. `onProgress` hears how many were tried. */
export function caughtIn(
  { entry, algorithm, layers, processes, firstSeed, seeds }: Hunt,
  onProgress: (tried: number) => void = () => {},
): Caught | undefined {
  const scenario = scenarioOf(entry.suite, algorithm, { ...entry.options, layers })
  for (let i = 0; i < seeds; i++) {
    const seed = firstSeed + i
    const sized = { ...scenario, processes: processes ?? sizeOf(seed, entry.options.sizes) }
    const outcome = runSeed(sized, seed, { limits: LIMITS })
    if (i % 25 === 24) onProgress(i + 1)
    if (outcome.violation === undefined) continue
    const { plan, violation, steps } = shrink(sized, outcome, { limits: LIMITS })
    const nexts = nextsUntil(entry, algorithm, { layers, plan, property: violation.property })
    return { seed, property: violation.property, why: violation.why, plan, nexts, steps }
  }
  return undefined
}

interface Shown {
  readonly layers: 'own' | 'adversarial'
  readonly plan: Plan
  readonly property: string
}

/** How many things happen in a plan until its light turns red, or all is at rest. */
function nextsUntil(entry: Entry, algorithm: Tested<Module>, { layers, plan, property }: Shown): number {
  const session = open(entry, { ...opening(entry), layers, plan }, algorithm)
  const top = algorithm.instance
  for (let nexts = 1; nexts <= LIMIT_NEXTS && session.pending.some(({ dueMs }) => dueMs !== undefined); nexts++) {
    const news = session.apply({ do: 'next' })
    const isTelling = news.some((e) => e.type !== 'event' || e.path === top) || session.isAtRest
    if (
      isTelling &&
      lightsOf(entry, session).some((light) => light.property === property && light.says !== 'holds' && light.says !== 'open')
    )
      return nexts
  }
  return session.log.length
}

/** What all schedules of a small system came to. */
export interface Explored {
  readonly states: number
  readonly isComplete: boolean
  readonly violation?: { readonly property: string; readonly why: string; readonly moves: readonly string[] }
}

/** Tries every schedule of the first small system that the entry's tests explore. */
export function explored(entry: Entry, algorithm: Tested<Module>, onProgress: (states: number) => void = () => {}): Explored {
  const { unjudged: _, isDeep: __, ...system } = { limitStates: 30_000, ...entry.options.systems?.[0] }
  const { counterexample, states, isComplete } = exhaustive(entry.suite, algorithm, { ...system, onProgress })
  if (counterexample === undefined) return { states, isComplete }
  const { violation, moves } = counterexample
  return { states, isComplete, violation: { property: violation.property, why: violation.why, moves } }
}
