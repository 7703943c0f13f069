#!/usr/bin/env node
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { Command, InvalidArgumentError } from 'commander'
import pc from 'picocolors'
import { describePlan } from './draw'
import type { Plan } from './plan'
import { runOnAllCores } from './pool'
import { hex } from './random'
import { linesOf } from './recorder'
import { judge, type Outcome, report, runSeed, type Scenario } from './scenario'
import { scenarios } from './scenarios'
import type { Statistics } from './seeds'
import { type Shrunk, shrink } from './shrink'

const { version } = createRequire(import.meta.url)('../package.json') as { version: string }

interface CommandLine {
  readonly processes?: number
  readonly seed: number
  readonly runs: number
  readonly minutes?: number
  readonly workers: number
  readonly json?: true
  readonly trace?: string
  readonly plan?: string
}

const wholeNumber = (low: number, high: number) => (text: string) => {
  const value = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < low || value > high)
    throw new InvalidArgumentError(`Expected a whole number from ${low} to ${high}.`)
  return value
}

const positive = (text: string) => {
  const value = Number(text)
  if (!(value > 0 && value <= 1e6)) throw new InvalidArgumentError('Expected a number above 0.')
  return value
}

const command = new Command('upon-sim')
  .description('Runs an algorithm under many seeds: each draws its own faults and schedule. Exit code 1 if a property is violated.')
  .argument('<algorithm>', `one of ${Object.keys(scenarios).join(', ')}`)
  .option('--processes <n>', 'how many processes', wholeNumber(1, 50))
  .option('--seed <seed>', 'the first seed, decimal or 0x...', wholeNumber(0, Number.MAX_SAFE_INTEGER), 1)
  .option('--runs <n>', 'how many seeds', wholeNumber(1, 1e12), 10_000)
  .option('--minutes <n>', 'as many seeds as that takes, instead of --runs', positive)
  .option('--workers <n>', 'how many threads', wholeNumber(1, 256), availableParallelism())
  .option('--trace <file>', 'writes the trace of the one run, or of the shrunk failure, as NDJSON')
  .option('--plan <file>', 'runs this plan, as a shrunk failure prints it, instead of seeds')
  .option('--json', 'prints one line of JSON')
  .version(version)
  .showHelpAfterError()
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))

function scenarioOf(name: string, { processes }: CommandLine): Scenario {
  const found = Object.hasOwn(scenarios, name) ? scenarios[name] : undefined
  if (found === undefined) throw new Error(`there is no algorithm ${name}; expected one of ${Object.keys(scenarios).join(', ')}`)
  return processes === undefined ? found : { ...found, processes }
}

function writeTrace(file: string, { trace }: Outcome['run']): void {
  const { entries, ...head } = trace
  writeFileSync(file, `${[JSON.stringify(head), ...linesOf(entries)].join('\n')}\n`)
}

/** One run, told whole. */
function one(scenario: Scenario, line: CommandLine): boolean {
  const outcome = line.plan === undefined ? runSeed(scenario, line.seed, { record: 'everything' }) : fromPlan(scenario, line.plan)
  if (line.trace !== undefined) writeTrace(line.trace, outcome.run)
  const { run, plan, violation } = outcome
  const { end, events, virtualMs, hash } = run
  if (line.json) print({ algorithm: scenario.name, seed: hex(outcome.seed), hash, end, events, virtualMs, violation, plan })
  else
    console.log(`${report(outcome, scenario)}\n  trace ${hash}: ${run.trace.entries.length} entries, ${events} events in ${virtualMs} ms`)
  if (violation !== undefined && line.plan === undefined && !line.json) explain(scenario, outcome, undefined)
  return violation === undefined
}

function fromPlan(scenario: Scenario, file: string): Outcome {
  const plan = JSON.parse(readFileSync(file, 'utf8')) as Plan
  return { seed: 0, plan, ...judge(scenario, plan, { record: 'everything' }) }
}

async function many(scenario: Scenario, line: CommandLine): Promise<boolean> {
  const { name, processes } = scenario
  const { seed: from, minutes, workers } = line
  const runs = minutes === undefined ? line.runs : Number.MAX_SAFE_INTEGER - from
  const beganMs = Date.now()
  const onProgress = (sum: Statistics) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${sum.runs} runs, ${sum.events} events, ${sum.violations} violations`)
  }
  const limitMs = minutes === undefined ? Number.POSITIVE_INFINITY : minutes * 60_000
  const sum = await runOnAllCores({ name, processes, from, runs, workers, limitMs, onProgress })
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  const seconds = (Date.now() - beganMs) / 1000
  const [first] = sum.failures
  const outcome = first === undefined ? undefined : runSeed(scenario, first.seed)
  const shrunk = outcome === undefined ? undefined : shrink(scenario, outcome)
  if (line.trace !== undefined && shrunk !== undefined) writeTrace(line.trace, shrunk.run)
  if (line.json)
    print({ algorithm: name, processes, seed: hex(from), seconds, ...sum, shrunk: shrunk && { steps: shrunk.steps, plan: shrunk.plan } })
  else {
    const rate = `${Math.round((sum.runs / seconds) * 60)} runs a minute`
    console.log(
      `${name}, ${processes} processes, seeds ${hex(from)} to ${hex(from + sum.runs - 1)}: ${sum.runs} runs, ${sum.events} events, ${rate}`,
    )
    console.log(
      `  with ${Object.entries(sum.faults)
        .map(([kind, count]) => `${kind} ${count}`)
        .join(', ')}; ${sum.cut} cut`,
    )
    console.log(sum.violations === 0 ? pc.green('  nothing violated') : pc.red(`  ${sum.violations} violations`))
    if (outcome !== undefined) explain(scenario, outcome, shrunk)
  }
  return sum.violations === 0
}

/** The shortest schedule that still fails, and how to run it. */
function explain(scenario: Scenario, outcome: Outcome, known: Shrunk<unknown> | undefined): void {
  const { plan, violation, steps } = known ?? shrink(scenario, outcome)
  console.log(report(outcome, scenario))
  console.log(`${pc.bold(`shrunk to ${steps} steps`)}: ${violation.property} violated: ${violation.why}\n  ${describePlan(plan)}`)
  for (const { process: p, operation, afterMs } of plan.operations) console.log(`  ${p}: ${JSON.stringify(operation)} after ${afterMs} ms`)
  for (const fault of plan.faults) console.log(`  ${JSON.stringify(fault)}`)
  for (const [message, ms] of Object.entries(plan.deviations ?? {})) console.log(`  ${message} takes ${ms} ms`)
  console.log(`the plan, for --plan: ${JSON.stringify(plan)}`)
}

const print = (value: unknown) => console.log(JSON.stringify(value))

process.stdout.on('error', () => process.exit(1)) // whoever reads our output went away

try {
  command.parse()
  const line = command.opts<CommandLine>()
  const scenario = scenarioOf(command.args[0] ?? '', line)
  const isOne = line.plan !== undefined || (line.runs === 1 && line.minutes === undefined)
  process.exitCode = (isOne ? one(scenario, line) : await many(scenario, line)) ? 0 : 1
} catch (error) {
  process.stderr.write(`upon-sim: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
}
