import {
  type Algorithm,
  assumptionsOf,
  isAlgorithm,
  type Layer,
  layersOf,
  type Module,
  modelOf,
  moduleOf,
  mostFaulty,
} from '@upon/contract'
import { type Exploration, type ExploredProcess, explore } from '@upon/simulator'
import { violationOf } from './scenario'
import { judgedBy, type Suite, type Tested, verdictsOf } from './suite'

export interface ExhaustiveOptions {
  /** 2 by default; more than 3 take very long. */
  readonly processes?: number
  /** How many may crash, at any moment; 0 by default. */
  readonly crashes?: number
  /** How many time-outs there may be in all; 0 by default. */
  readonly timeouts?: number
  /** How many messages fair-loss links may lose, and how many they may repeat; 0 by default. */
  readonly losses?: number
  readonly repeats?: number
  /** How often, in total, the eventual detectors below may be wrong; 0 by default. */
  readonly lies?: number
  /** 100,000 by default. */
  readonly limitStates?: number
  /** How long it may take; without limit by default. */
  readonly limitMs?: number
  readonly onProgress?: (states: number, waiting: number) => void
}

export interface Exhaustive extends Exploration {
  /** The module's properties that no state gave a verdict on: liveness, where the system never comes to rest under these options. */
  readonly unjudged: readonly string[]
}

/** The algorithm with the explorer's detectors in place of all detectors below it, since the explorer has no time. What was shared stays shared. */
function overDetectors(
  algorithm: Algorithm<Module>,
  detectors: Readonly<Record<string, Layer<Module> | undefined>>,
  known = new Map<Algorithm<Module>, Algorithm<Module>>(),
): Algorithm<Module> {
  const found = known.get(algorithm)
  if (found !== undefined) return found
  const layers: Record<string, Layer<Module>> = {}
  for (const { name, layer } of layersOf(algorithm)) {
    const other = detectors[moduleOf(layer).name] ?? (isAlgorithm(layer) ? overDetectors(layer, detectors, known) : layer)
    if (other !== layer) layers[name] = other
  }
  const made = Object.keys(layers).length === 0 ? algorithm : algorithm.over(layers as never)
  known.set(algorithm, made)
  return made
}

const detectorsOf = ({ detectors }: Pick<ExploredProcess, 'detectors'>) =>
  detectors as unknown as Readonly<Record<string, Layer<Module> | undefined>>

/**
 * Tries every schedule of a small system in which the suite's few operations are performed; `unjudged` lists what stays open. Throws a
 * RangeError if more processes crash than the algorithm tolerates.
 */
export function exhaustive<M extends Module, O>(
  suite: Suite<M, O>,
  algorithm: Tested<M>,
  { processes = 2, crashes = 0, ...options }: ExhaustiveOptions = {},
): Exhaustive {
  const assumes = assumptionsOf(algorithm)
  const { resilience } = assumes
  const model = modelOf(assumes)
  if (model === 'fail-arbitrary') throw new RangeError(`${algorithm.name} assumes ${model}: processes that lie are not explored`)
  const most = mostFaulty(resilience, processes)
  if (crashes > most) throw new RangeError(`${crashes} crashes: ${algorithm.name} assumes ${resilience}, at most ${most} of ${processes}`)
  const unjudged = new Set(Object.keys(suite.module.properties))
  const exploration = explore<O>({
    processes,
    crashes,
    model,
    ...options,
    setup: (process) => suite.start(process, overDetectors(algorithm, detectorsOf(process)) as Tested<M>),
    operations: suite.few(Array.from({ length: processes }, (_, i) => `p${i + 1}`)),
    record: suite.record ?? 'application',
    check: (trace) => {
      const verdicts = verdictsOf(suite, trace, algorithm.instance)
      if (unjudged.size > 0) for (const property of judgedBy(suite, verdicts)) unjudged.delete(property)
      return violationOf(suite, verdicts)
    },
  })
  return { ...exploration, unjudged: [...unjudged] }
}
