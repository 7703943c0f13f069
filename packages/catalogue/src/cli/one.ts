import { explain, report, sizeOf, tell } from '@upon/compliance'
import { hex, judge, type Outcome, runSeed, type Scenario, shrink } from '@upon/simulator'
import type { Entry } from '../entry'
import { scenarioIn } from '../load'
import { type CommandLine, layersOf } from './options'
import { colors, commandOf, printJson, writeTrace } from './output'
import { readPlan } from './plan-file'

/** One run in full. Returns whether nothing was violated. */
export function runOne(entry: Entry, line: CommandLine): boolean {
  const processes = line.processes ?? sizeOf(line.seed, entry.options.sizes)
  const scenario = { ...scenarioIn(entry, layersOf(line)), processes }
  const outcome = line.plan === undefined ? runSeed(scenario, line.seed, { record: 'everything' }) : fromPlan(scenario, line.plan)
  const { run, plan, violation } = outcome
  const shrunk = violation === undefined || line.plan !== undefined || line.json ? undefined : shrink(scenario, outcome)
  writeTrace(line.trace, (shrunk?.run ?? run).trace)
  const { end, events, virtualMs, hash } = run
  const options = { colors, command: commandOf(line.from) }
  const violated = violation && { property: violation.property, why: violation.why }
  if (line.json) printJson({ algorithm: scenario.name, seed: hex(outcome.seed), hash, end, events, virtualMs, violation: violated, plan })
  else if (shrunk !== undefined) console.log(explain(scenario, outcome, shrunk, options))
  else if (violation !== undefined) console.log(tell(scenario, outcome, options))
  else
    console.log(
      `${report(outcome, scenario, options)}\n  trace ${hash}: ${run.trace.entries.length} entries, ${events} events in ${virtualMs} ms`,
    )
  return violation === undefined
}

function fromPlan(scenario: Scenario, file: string): Outcome {
  const plan = readPlan(file)
  return { seed: plan.seed, plan, ...judge(scenario, plan, { record: 'everything' }) }
}
