import type { Assumptions, Module } from '@upon/contract'
import { type Exploration, explore } from '@upon/simulator'
import { assumptionsOf, violationOf } from './scenario'
import { type Suite, type Tested, verdictsOf } from './suite'

export interface ExhaustiveOptions {
  /** 2 unless told; more than 3 is for the patient. */
  readonly processes?: number
  /** How many may crash, at any moment; none unless told. */
  readonly crashes?: number
  /** How many time-outs there may be in all; none unless told. */
  readonly timeouts?: number
  /** 100,000 unless told. */
  readonly limitStates?: number
  readonly onProgress?: (states: number, waiting: number) => void
}

/** How many of `n` processes may crash. */
const mostCrashes = (resilience: Assumptions['resilience'], n: number): number =>
  ({ 'f < N': n, 'f < N/2': Math.ceil(n / 2), 'f < N/3': Math.ceil(n / 3) })[resilience] - 1

/**
 * Tries every schedule of a small system in which the suite's few operations are performed. Throws a RangeError if more crash than the
 * algorithm allows.
 */
export function exhaustive<M extends Module, O>(
  suite: Suite<M, O>,
  algorithm: Tested<M>,
  { processes = 2, crashes = 0, ...options }: ExhaustiveOptions = {},
): Exploration {
  const { resilience } = assumptionsOf(algorithm)
  const most = mostCrashes(resilience, processes)
  if (crashes > most) throw new RangeError(`${crashes} crashes: ${algorithm.name} assumes ${resilience}, at most ${most} of ${processes}`)
  return explore<O>({
    processes,
    crashes,
    ...options,
    setup: (process) => suite.start(process, algorithm),
    operations: suite.few(Array.from({ length: processes }, (_, i) => `p${i + 1}`)),
    record: suite.record ?? 'application',
    check: (trace) => violationOf(suite, verdictsOf(suite, trace, algorithm.instance)),
  })
}
