/**
 * Which failures of processes a layer tolerates: permanent crashes; crashes from which a process recovers with what it stored; or
 * arbitrary behaviour. `any` is for layers that work the same under all of these, such as links that only retransmit.
 */
export type ProcessFailures = 'crash-stop' | 'crash-recovery' | 'byzantine' | 'any'

/** Bounds on delays: known bounds that always hold, bounds that hold eventually, or none. */
export type Timing = 'synchronous' | 'eventually-synchronous' | 'asynchronous'

/** The divisor of N: fewer than N divided by it may be faulty. */
const DIVISORS = { 'f < N': 1, 'f < N/2': 2, 'f < N/3': 3, 'f < N/4': 4, 'f < N/5': 5 } as const

/** How many of the N processes may be faulty. */
export type Resilience = keyof typeof DIVISORS

/** What an algorithm assumes of the system that it runs in. */
export interface Assumptions<F extends ProcessFailures = ProcessFailures> {
  readonly processes: F
  readonly timing: Timing
  readonly resilience: Resilience
  /** What else is assumed of the environment, in words. */
  readonly besides?: string
}

/** How many of `n` processes may be faulty at most. */
export const mostFaulty = (resilience: Resilience, n: number): number => Math.ceil(n / DIVISORS[resilience]) - 1

/** The names that the book has for common assumptions. */
export type SystemModel = 'fail-stop' | 'fail-noisy' | 'fail-silent' | 'fail-recovery' | 'fail-arbitrary'

const CRASH_STOP = { synchronous: 'fail-stop', 'eventually-synchronous': 'fail-noisy', asynchronous: 'fail-silent' } as const

/** The book's name for these assumptions. */
export const modelOf = ({ processes, timing }: Assumptions): SystemModel =>
  processes === 'byzantine' ? 'fail-arbitrary' : processes === 'crash-recovery' ? 'fail-recovery' : CRASH_STOP[timing]

/** Whether a layer that tolerates `below` may stand below one that tolerates `above`. */
export const tolerates = (below: ProcessFailures, above: ProcessFailures): boolean =>
  below === 'any' || below === above || (above === 'crash-stop' && below !== undefined)

/** The same for the compiler. A tolerance that it does not know is checked at run time, when the algorithm is declared. */
export type Tolerates<Below, Above> = [ProcessFailures] extends [Above]
  ? true
  : [ProcessFailures] extends [Below]
    ? true
    : [Below] extends ['any' | Above]
      ? true
      : [Above] extends ['crash-stop']
        ? true
        : false

/** The strongest first. */
const TIMINGS: readonly Timing[] = ['synchronous', 'eventually-synchronous', 'asynchronous']

/** What two layers assume together: the failures that both tolerate, the stronger timing, and the lower number of faults. */
export function together(a: Assumptions, b: Assumptions): Assumptions {
  const processes = tolerates(a.processes, b.processes) ? b.processes : tolerates(b.processes, a.processes) ? a.processes : 'crash-stop'
  const timing = TIMINGS.find((each) => each === a.timing || each === b.timing) as Timing
  const resilience = DIVISORS[a.resilience] > DIVISORS[b.resilience] ? a.resilience : b.resilience
  const besides = [...new Set([a.besides, b.besides])].filter((words) => words !== undefined).join('; ')
  return { processes, timing, resilience, ...(besides === '' ? {} : { besides }) }
}

/** Assumptions in words: `crash-stop, asynchronous (fail-silent), f < N/2`. */
export const assumptionsText = (assumes: Assumptions): string =>
  `${assumes.processes}, ${assumes.timing} (${modelOf(assumes)}), ${assumes.resilience}`

const FAILURES: readonly unknown[] = ['crash-stop', 'crash-recovery', 'byzantine', 'any'] satisfies ProcessFailures[]

/** What is wrong with assumptions that come from plain JavaScript. */
export function wrongAssumptions(assumes: unknown): string | undefined {
  const { processes, timing, resilience } = (assumes ?? {}) as Partial<Readonly<Record<string, unknown>>>
  if (!FAILURES.includes(processes)) return `assumes.processes: expected ${FAILURES.join(', ')}, found ${String(processes)}`
  if (!TIMINGS.includes(timing as Timing)) return `assumes.timing: expected ${TIMINGS.join(', ')}, found ${String(timing)}`
  if (typeof resilience !== 'string' || !Object.hasOwn(DIVISORS, resilience))
    return `assumes.resilience: expected ${Object.keys(DIVISORS).join(', ')}, found ${String(resilience)}`
  return undefined
}
