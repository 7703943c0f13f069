import { storyOf } from '@upon/checker'
import {
  describePlan,
  hex,
  type Outcome,
  type Plan,
  RESTS,
  type Scenario,
  type Shrunk,
  shrink,
  stepsOf,
  type Violation,
} from '@upon/simulator'
import { spaceTimeText, type Trace } from '@upon/trace'

export interface ExplainOptions {
  /** ANSI colours in the picture; off by default. */
  readonly colors?: boolean
  /** How the reader calls upon-sim; `upon-sim` by default. */
  readonly command?: string
  /** How to reproduce a seed, if upon-sim does not know the algorithm. */
  readonly again?: (seed: number) => string
}

type Named<O> = Pick<Scenario<O>, 'name'>

/** What to print about an outcome, with the command that reproduces it. */
export function report<O>(
  { seed, plan, run, violation }: Outcome<O>,
  { name }: Named<O>,
  { command = 'upon-sim', again }: ExplainOptions = {},
): string {
  const verdict = violation === undefined ? `nothing violated, ${run.end}` : `${violation.property} violated`
  const line = again?.(seed) ?? `${command} ${name} --processes ${plan.processes.length} --seed ${hex(seed)} --runs 1`
  return [`${name}, seed ${hex(seed)}: ${verdict}`, ...meaningOf(violation), `  ${describePlan(plan)}`, `  again: ${line}`].join('\n')
}

const meaningOf = ({ property, means }: Partial<Violation> = {}): string[] => (means === undefined ? [] : [`  ${property} is ${means}`])

/** A failing outcome as text: what was violated, the shortest schedule that still shows it, and its picture. */
export function explain<O>(
  scenario: Scenario<O>,
  outcome: Outcome<O>,
  shrunk: Shrunk<O> = shrink(scenario, outcome),
  options: ExplainOptions = {},
): string {
  const { plan, violation, steps, run } = shrunk
  const size = `${steps} ${steps === 1 ? 'step' : 'steps'}, ${plan.processes.length} of ${outcome.plan.processes.length} processes`
  return [
    report(outcome, scenario, options),
    '',
    `shrunk to ${size}: ${violation.property} violated: ${violation.why}`,
    ...storyLines(scenario, { plan, violation, trace: run.trace }, options),
  ].join('\n')
}

/** What was violated in the run of one plan, step by step, and its picture: it is not shrunk. */
export function tell<O>(scenario: Named<O>, { plan, run, violation }: Outcome<O>, options: ExplainOptions = {}): string {
  if (violation === undefined) return `${scenario.name}, the plan given: nothing violated, ${run.end}`
  return [
    `${scenario.name}, the plan given: ${violation.property} violated: ${violation.why}`,
    ...meaningOf(violation),
    ...storyLines(scenario, { plan, violation, trace: run.trace }, options),
  ].join('\n')
}

interface Story {
  readonly plan: Plan
  readonly violation: Violation
  readonly trace: Trace
}

function storyLines<O>(
  { name }: Named<O>,
  { plan, violation, trace }: Story,
  { colors = false, command = 'upon-sim', again }: ExplainOptions,
): string[] {
  const sort = violation.means?.includes('(safety') ? 'safety' : 'liveness'
  const picture = spaceTimeText(trace, { ...storyOf(trace, { ...violation, sort }), limitEntries: 120, colors })
  const busy = violation.property === RESTS ? [`  most of it: ${mostOf(trace)}`] : []
  return [
    ...stepsOf(plan).map((step) => `  ${step}`),
    ...busy,
    '',
    picture.trimEnd(),
    LEGEND,
    '',
    ...(again === undefined
      ? [
          'this plan again; with --trace FILE, for upon-check --html:',
          `  echo '${JSON.stringify(plan).replaceAll("'", '\\u0027')}' | ${command} ${name} --plan -`,
        ]
      : ['this plan, for judge(scenarioOf(suite, algorithm), plan) of @upon/simulator and @upon/compliance:', `  ${JSON.stringify(plan)}`]),
  ]
}

const LEGEND =
  'time runs down: ● an event, ✕ a crash, ○ another fault, ! what shows it, ← where a message comes from, ⇐ all that was waited for'

/** The most frequent events, with the kinds of their messages: what a run that never rests is busy with. */
function mostOf(trace: Trace): string {
  const counts = new Map<string, number>()
  for (const entry of trace.entries) {
    if (entry.type !== 'event' || entry.event === 'start') continue
    const message = entry.attributes.at(-1)
    const kind = typeof message === 'object' && message !== null && 'kind' in message ? ` [${message.kind}]` : ''
    const what = `${entry.path}.${entry.event}${kind}`.replaceAll(/\[\d+\]/g, '[...]')
    counts.set(what, (counts.get(what) ?? 0) + 1)
  }
  const most = [...counts].sort(([, a], [, b]) => b - a).slice(0, 4)
  return most.map(([what, count]) => `${what} ${count} times`).join(', ')
}
