import type { Trace, TraceEntry } from '@upon/trace'
import type { IllFormed } from './illformed'
import { type Run, runOf } from './run'

/** The verdict on one property of one instance in one trace. */
export interface PropertyVerdict {
  /** By the book's name: `UC4`. */
  readonly property: string
  readonly path: string
  /**
   * `unknown`: a liveness property of a run that could go on, or a property whose premise cannot be decided. `ill-formed`: no run can have this trace, so
   * it neither satisfies nor violates anything; `events` has the entry.
   */
  readonly holds: boolean | 'unknown' | 'ill-formed'
  /** In plain words. */
  readonly why: string
  /** The entries that show a violation, in order; empty otherwise. */
  readonly events: readonly TraceEntry[]
}

/** Bounds for what a finite run cannot show: how often counts as forever. */
export interface PropertyOptions {
  /** FLL1: a message that is sent this many times and never delivered counts as lost forever. Default 1,000. */
  readonly lossesForEver?: number
  /** FLL2: this many deliveries per sending count as infinitely many. Default 1,000. */
  readonly copiesForEver?: number
  /** SL1: a message that is delivered this many times counts as delivered forever. Default 1,000. */
  readonly deliveriesForEver?: number
  /** PB1: the probability, at least, with which a message must reach all correct processes. Default 0.5. */
  readonly reachesAll?: number
  /** NNAR2: how long the search for an order may take. Default as for `linearizable`. */
  readonly limitMs?: number
}

/** Judges a property of the instance at `path`. */
export type Property = (trace: Trace, path: string, options?: PropertyOptions) => PropertyVerdict

/** What a rule found: nothing, or why the property is violated or cannot be decided. */
export type Finding = { readonly why: string; readonly events: readonly TraceEntry[] } | { readonly unknown: string } | undefined

type Rule = (run: Run, path: string, options: PropertyOptions) => Finding

/** A property that can be judged on every prefix. */
export const safety = (name: string, rule: Rule): Property => define(name, 'nothing in the trace contradicts it', rule)

/** A property that something happens eventually: unknown if the run could go on. */
export const liveness = (name: string, rule: Rule): Property =>
  define(name, 'everything that had to happen has happened', (run, path, options) =>
    run.isQuiescent ? rule(run, path, options) : { unknown: 'the run was cut off: what is missing could still happen' },
  )

/** The verdict on a trace, or on an instance in it, that no run can have. */
export const illFormedVerdict = ({ entry, why }: IllFormed, path = ''): PropertyVerdict => ({
  property: 'well-formed',
  path,
  holds: 'ill-formed',
  why: `entry ${entry.index}: ${why}`,
  events: [entry],
})

function define(property: string, otherwise: string, rule: Rule): Property {
  const judge: Property = (trace, path, options = {}) => {
    const run = runOf(trace)
    if (run.illFormed !== undefined) return illFormedVerdict(run.illFormed)
    const found = rule(run, path, options)
    if (found === undefined) return { property, path, holds: true, why: otherwise, events: [] }
    if ('unknown' in found) return { property, path, holds: 'unknown', why: found.unknown, events: [] }
    const events = [...new Set(found.events)].sort((a, b) => a.index - b.index)
    return { property, path, holds: false, why: found.why, events }
  }
  Object.defineProperty(judge, 'name', { value: property })
  return judge
}
