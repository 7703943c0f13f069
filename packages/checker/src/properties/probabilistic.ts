import { shown } from '@upon/trace'
import type { Run } from '../run'
import { type Finding, liveness } from '../verdict'
import { type Message, messagesOf } from './traffic'

/** How improbable a run must be to count as a violation: so that it takes no part in a thousand million honest runs. */
const IMPOSSIBLE = 1e-9

/** The probability of at most `successes` in `trials` independent ones that succeed with probability `p`. */
export function atMost(successes: number, trials: number, p: number): number {
  let term = (1 - p) ** trials
  let sum = term
  for (let i = 1; i <= successes; i++) {
    term *= ((trials - i + 1) / i) * (p / (1 - p))
    sum += term
  }
  return sum
}

/** How many of the broadcasts of a message all correct processes have delivered. */
const reachingAll = (run: Run, { toAll, delivered }: Message): number =>
  Math.min(toAll.length, ...[...run.correct].map((q) => delivered.get(q)?.length ?? 0))

/**
 * Probabilistic validity, as far as one run can show it: that a message reaches all correct processes with a probability of `reachesAll` at
 * least is refuted if so few did that this would be all but impossible. Few messages refute nothing.
 */
export const PB1 = liveness('PB1', (run, path, { reachesAll = 0.5 }): Finding => {
  const messages = messagesOf(run, path).filter(({ from, toAll }) => toAll.length > 0 && !run.crashes.has(from))
  const trials = messages.reduce((sum, { toAll }) => sum + toAll.length, 0)
  if (atMost(0, trials, reachesAll) >= IMPOSSIBLE)
    return { unknown: `${trials} messages are too few to show how probable it is that one reaches all` }
  const successes = messages.reduce((sum, message) => sum + reachingAll(run, message), 0)
  if (atMost(successes, trials, reachesAll) >= IMPOSSIBLE) return undefined
  const missed = messages.find((message) => reachingAll(run, message) < message.toAll.length)
  const why = `of ${trials} messages of correct processes ${successes} reached all correct processes, ${shown(missed?.message)} not; if each did with probability ${reachesAll}, this would all but never occur`
  return { why, events: missed?.toAll.slice(0, 1) ?? [] }
})
