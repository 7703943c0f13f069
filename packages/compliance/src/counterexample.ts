import type { Module } from '@upon/contract'
import { spaceTimeText } from '@upon/trace'
import { type ExhaustiveOptions, exhaustive } from './exhaustive'
import type { Suite, Tested } from './suite'

/** Throws the shortest schedule of a small system that violates something, if one was visited. */
export function expectNoCounterexample<M extends Module, O>(suite: Suite<M, O>, algorithm: Tested<M>, options: ExhaustiveOptions): void {
  const { counterexample } = exhaustive(suite, algorithm, options)
  if (counterexample === undefined) return
  const { violation, moves, trace } = counterexample
  const picture = spaceTimeText(trace, { marked: violation.events ?? [] })
  const means = violation.means === undefined ? '' : `\n  ${violation.property} is ${violation.means}`
  throw new Error(`${violation.property} violated: ${violation.why}${means}\n  ${moves.join('\n  ')}\n${picture}`)
}
