#!/usr/bin/env node
import { runExplorer } from './cli/explore'
import { runMany } from './cli/many'
import { runOne } from './cli/one'
import { type CommandLine, command, layersOf } from './cli/options'
import { printJson } from './cli/output'
import type { Entry } from './entry'
import { entriesOf, load, scenarioIn } from './load'

function list(entries: readonly Entry[], { json }: CommandLine): void {
  const rows = entries.map(({ name, suite, assumes }) => ({ name, module: suite.module.name, instance: suite.module.instance, ...assumes }))
  if (json) printJson(rows)
  else
    for (const { name, module, instance, model, resilience } of rows)
      console.log(`${name.padEnd(44)} ${`${module} (${instance})`.padEnd(42)} ${model}, ${resilience}`)
}

/** Every algorithm its share, over its own layers, side by side, and over ideal layers. Goes on after one that fails. */
async function runAll(entries: readonly Entry[], line: CommandLine): Promise<boolean> {
  const tries = entries.flatMap((entry) => [
    { entry, layers: 'own' as const },
    { entry, layers: 'side by side' as const },
    ...(entry.overIdeal === undefined ? [] : [{ entry, layers: 'ideal' as const }]),
  ])
  const minutes = line.minutes === undefined ? {} : { minutes: line.minutes / tries.length }
  const share = { ...line, runs: Math.ceil(line.runs / tries.length), ...minutes }
  let violated = 0
  for (const { entry, layers } of tries) if (!(await runMany(entry, share, layers))) violated++
  if (!line.json) console.log(`${entries.length} algorithms: ${violated === 0 ? 'nothing violated' : `${violated} violated something`}`)
  return violated === 0
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
  if (line.explore && layersOf(line) !== 'own')
    throw new Error('--explore tries one instance over its own layers: leave out --ideal and --side-by-side')
  if (line.explore) return runExplorer(entry, line)
  const isOne = line.plan !== undefined || (line.runs === 1 && line.minutes === undefined)
  return isOne ? runOne(scenarioIn(entry, layersOf(line)), line) : runMany(entry, line)
}

process.stdout.on('error', () => process.exit(1)) // whoever reads our output went away

try {
  command.parse()
  process.exitCode = (await main(command.opts<CommandLine>())) ? 0 : 1
} catch (error) {
  process.stderr.write(`upon-sim: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
}
