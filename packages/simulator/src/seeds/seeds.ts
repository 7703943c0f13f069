import { inSlices, type Stoppable } from '../slices'
import { RESTS, runSeed, type Scenario, type Violation } from './scenario'

/** A seed that violated something. */
export interface Failure extends Pick<Violation, 'property' | 'why'> {
  readonly seed: number
}

/** The outcomes of many seeds. */
export interface Statistics {
  runs: number
  events: number
  virtualMs: number
  /** Runs that ended with something still under way. */
  cut: number
  /** By kind of fault: the runs with at least one. */
  faults: Record<string, number>
  /** Runs in which each of the scenario's situations occurred. */
  sometimes: Record<string, number>
  violations: number
  /** The first hundred failures, by seed. */
  failures: Failure[]
}

const FAILURES_LIMIT = 100

export const noStatistics = (): Statistics => ({
  runs: 0,
  events: 0,
  virtualMs: 0,
  cut: 0,
  faults: {},
  sometimes: {},
  violations: 0,
  failures: [],
})

/** Runs `runs` seeds from `from` on. */
export function runSeeds<O>(scenario: Scenario<O>, from: number, runs: number): Statistics {
  const statistics = noStatistics()
  for (const _ of seedAfterSeed(scenario, from, runs, statistics));
  return statistics
}

/** The same, letting others run in between, until it is stopped: then the outcomes of the seeds that ran. */
export async function runSeedsUntil<O>(
  scenario: Scenario<O>,
  from: number,
  runs: number,
  { signal, onProgress }: Stoppable & { readonly onProgress?: (statistics: Readonly<Statistics>) => void },
): Promise<Statistics> {
  const statistics = noStatistics()
  const work = seedAfterSeed(scenario, from, runs, statistics, onProgress)
  await inSlices(work, signal === undefined ? {} : { signal })
  return statistics
}

function* seedAfterSeed<O>(
  scenario: Scenario<O>,
  from: number,
  runs: number,
  statistics: Statistics,
  onProgress?: (statistics: Readonly<Statistics>) => void,
): Generator<void, void> {
  for (const situation of Object.keys(scenario.sometimes ?? {})) statistics.sometimes[situation] = 0
  for (let seed = from; seed < from + runs; seed++) {
    count(scenario, seed, statistics)
    onProgress?.(statistics)
    yield
  }
}

/** Runs one seed, and adds its outcome. */
function count<O>(scenario: Scenario<O>, seed: number, statistics: Statistics): void {
  const { faults, sometimes } = statistics
  const { plan, run, violation } = runSeed(scenario, seed)
  statistics.runs++
  statistics.events += run.events
  statistics.virtualMs += run.virtualMs
  if (run.end === 'cut') statistics.cut++
  for (const kind of new Set(plan.faults.map((fault) => fault.kind))) faults[kind] = (faults[kind] ?? 0) + 1
  const wanted = violation?.property === RESTS ? [] : Object.entries(scenario.sometimes ?? {}) // its trace is as long as allowed, and repeats itself
  for (const [situation, cameAbout] of wanted) if (cameAbout(run, plan)) sometimes[situation] = (sometimes[situation] ?? 0) + 1
  if (violation === undefined) return
  statistics.violations++
  if (statistics.failures.length < FAILURES_LIMIT) statistics.failures.push({ seed, property: violation.property, why: violation.why })
}

/** Adds the second to the first. */
export function addStatistics(sum: Statistics, more: Statistics): void {
  sum.runs += more.runs
  sum.events += more.events
  sum.virtualMs = Math.round((sum.virtualMs + more.virtualMs) * 1000) / 1000 // in whole microseconds: the sum is the same in any order
  sum.cut += more.cut
  sum.violations += more.violations
  for (const counts of ['faults', 'sometimes'] as const)
    for (const [name, count] of Object.entries(more[counts])) sum[counts][name] = (sum[counts][name] ?? 0) + count
  sum.failures = [...sum.failures, ...more.failures].sort((a, b) => a.seed - b.seed).slice(0, FAILURES_LIMIT)
}
