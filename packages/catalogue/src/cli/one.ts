import { explain, hex, judge, type Outcome, report, runSeed, type Scenario } from '@upon/simulator'
import type { CommandLine } from './options'
import { colors, printJson, writeTrace } from './output'
import { readPlan } from './plan-file'

/** One run, told whole. Whether nothing was violated. */
export function runOne(found: Scenario, line: CommandLine): boolean {
  const scenario = { ...found, processes: line.processes ?? found.processes }
  const outcome = line.plan === undefined ? runSeed(scenario, line.seed, { record: 'everything' }) : fromPlan(scenario, line.plan)
  const { run, plan, violation } = outcome
  writeTrace(line.trace, run.trace)
  const { end, events, virtualMs, hash } = run
  const violated = violation && { property: violation.property, why: violation.why }
  if (line.json) printJson({ algorithm: scenario.name, seed: hex(outcome.seed), hash, end, events, virtualMs, violation: violated, plan })
  else if (violation !== undefined && line.plan === undefined) console.log(explain(scenario, outcome, undefined, { colors }))
  else
    console.log(`${report(outcome, scenario)}\n  trace ${hash}: ${run.trace.entries.length} entries, ${events} events in ${virtualMs} ms`)
  return violation === undefined
}

function fromPlan(scenario: Scenario, file: string): Outcome {
  const plan = readPlan(file)
  return { seed: plan.seed, plan, ...judge(scenario, plan, { record: 'everything' }) }
}
