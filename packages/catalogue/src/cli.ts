#!/usr/bin/env node
import { runExplorer } from './cli/explore'
import { runMany } from './cli/many'
import { runOne } from './cli/one'
import { type CommandLine, command } from './cli/options'
import { printJson } from './cli/output'
import type { Entry } from './entry'
import { entriesOf, load } from './load'

function list(entries: readonly Entry[], { json }: CommandLine): void {
  const rows = entries.map(({ name, suite, assumes }) => ({ name, module: suite.module.name, instance: suite.module.instance, ...assumes }))
  if (json) printJson(rows)
  else
    for (const { name, module, instance, model, resilience } of rows)
      console.log(`${name.padEnd(44)} ${`${module} (${instance})`.padEnd(42)} ${model}, ${resilience}`)
}

/** Every algorithm its share. Goes on after one that fails. */
async function runAll(entries: readonly Entry[], line: CommandLine): Promise<boolean> {
  const share = {
    runs: Math.ceil(line.runs / entries.length),
    ...(line.minutes === undefined ? {} : { minutes: line.minutes / entries.length }),
  }
  const failed: string[] = []
  for (const { name, scenario } of entries) {
    const processes = line.processes ?? scenario.processes
    if (!(await runMany({ ...scenario, processes }, { ...line, ...share }))) failed.push(name)
  }
  if (!line.json)
    console.log(`${entries.length} algorithms, ${failed.length === 0 ? 'nothing violated' : `violated: ${failed.join(', ')}`}`)
  return failed.length === 0
}

async function main(line: CommandLine): Promise<boolean> {
  const [name] = command.args
  const from = line.from === undefined ? {} : { from: line.from }
  if (line.list) {
    list(await entriesOf(line.from), line)
    return true
  }
  if (line.all) return runAll(await entriesOf(line.from), line)
  if (name === undefined) throw new Error('which algorithm? expected its name, or --all; --list lists them')
  const entry = await load({ name, ...from })
  const { processes = entry.scenario.processes } = line
  const scenario = { ...entry.scenario, processes }
  if (line.explore) return runExplorer(entry, line)
  const isOne = line.plan !== undefined || (line.runs === 1 && line.minutes === undefined)
  return isOne ? runOne(scenario, line) : runMany(scenario, line)
}

process.stdout.on('error', () => process.exit(1)) // whoever reads our output went away

try {
  command.parse()
  process.exitCode = (await main(command.opts<CommandLine>())) ? 0 : 1
} catch (error) {
  process.stderr.write(`upon-sim: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
}
