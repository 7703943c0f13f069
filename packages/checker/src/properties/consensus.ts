import type { AlgorithmEvent } from '@upon/trace'
import { eventsOf, type Run } from '../run'
import { type Finding, liveness, safety } from '../verdict'
import { decidedTwice, differing, madeUp } from './decisions'

/** A correct process that never decided, if all correct processes proposed. */
export function undecided(run: Run, path: string): Finding {
  const decided = new Set(eventsOf(run, path, 'decide').map(({ process }) => process))
  const undecided = run.correct.find((p) => !decided.has(p))
  if (undecided === undefined) return undefined
  const proposals = eventsOf(run, path, 'propose')
  const silent = run.correct.find((p) => !proposals.some(({ process }) => process === p))
  if (silent !== undefined)
    return { unknown: `${silent}, which is correct, proposed nothing; termination assumes that all correct processes propose` }
  return { why: `${undecided}, which is correct, never decided`, events: proposals.filter(({ process }) => process === undecided) }
}

const termination = (name: string) => liveness(name, undecided)
export const validity = (name: string) =>
  safety(name, (run, path) => madeUp(eventsOf(run, path, 'decide'), eventsOf(run, path, 'propose'), 'no process'))
export const integrity = (name: string) => safety(name, (run, path) => decidedTwice(eventsOf(run, path, 'decide')))
export const agreement = (name: string, decisions: (run: Run, path: string) => AlgorithmEvent[]) =>
  safety(name, (run, path) => differing(decisions(run, path)))

export const C1 = termination('C1')
export const C2 = validity('C2')
export const C3 = integrity('C3')
export const C4 = agreement('C4', (run, path) => eventsOf(run, path, 'decide').filter(({ process }) => !run.crashes.has(process)))

export const UC1 = termination('UC1')
export const UC2 = validity('UC2')
export const UC3 = integrity('UC3')
export const UC4 = agreement('UC4', (run, path) => eventsOf(run, path, 'decide'))
