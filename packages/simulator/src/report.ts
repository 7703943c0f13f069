import { spaceTimeText } from '@upon/checker'
import { describePlan } from './draw'
import type { Plan } from './plan'
import { hex } from './random'
import type { Outcome, Scenario } from './scenario'
import { type Shrunk, shrink } from './shrink'

/** What to print about an outcome, so that somebody else can see it again. */
export function report<O>({ seed, plan, run, violation }: Outcome<O>, scenario: Pick<Scenario<O>, 'name'>): string {
  const verdict = violation === undefined ? `nothing violated, ${run.end}` : `${violation.property} violated: ${violation.why}`
  return `${scenario.name}, seed ${hex(seed)}: ${verdict}\n  ${describePlan(plan)}\n  again: upon-sim ${scenario.name} --processes ${plan.processes.length} --seed ${hex(seed)} --runs 1`
}

export interface ExplainOptions {
  /** ANSI colours in the picture; none unless told. */
  readonly colors?: boolean
}

/** Instances that tell too little to be drawn: what is within a detector, and the links of a broadcast. */
const isTelling = (path: string) => !/(^|\.)(e?pfd|eld|le)\.|\.beb\.pl$/.test(path)

/** A failing outcome for people: what was violated, the shortest schedule that still shows it, and that schedule's picture. */
export function explain<O>(
  scenario: Scenario<O>,
  outcome: Outcome<O>,
  shrunk: Shrunk<O> = shrink(scenario, outcome),
  { colors = false }: ExplainOptions = {},
): string {
  const { plan, violation, steps, run } = shrunk
  const picture = spaceTimeText(run.trace, {
    marked: violation.events ?? [],
    show: (entry) => entry.type !== 'event' || isTelling(entry.path),
    limitEntries: 120,
    colors,
  })
  return [
    report(outcome, scenario),
    `shrunk to ${steps} steps: ${violation.property} violated: ${violation.why}`,
    ...stepsOf(plan).map((step) => `  ${step}`),
    picture.trimEnd(),
    `the plan, for --plan: ${JSON.stringify(plan)}`,
  ].join('\n')
}

function stepsOf({ operations, faults, deviations = {}, ...plan }: Plan): string[] {
  return [
    describePlan({ operations, faults, deviations, ...plan }),
    ...operations.map(({ process, operation, afterMs }) => `${process}: ${JSON.stringify(operation)} after ${afterMs} ms`),
    ...faults.map((fault) => JSON.stringify(fault)),
    ...Object.entries(deviations).map(([message, ms]) => `${message} takes ${ms} ms`),
  ]
}
