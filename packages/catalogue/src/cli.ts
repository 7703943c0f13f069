#!/usr/bin/env node
import { assumptionsText } from '@upon/contract'
import { runExplorer } from './cli/explore'
import { runMany } from './cli/many'
import { merge } from './cli/merge'
import { runOne } from './cli/one'
import { type CommandLine, command, layersOf } from './cli/options'
import { printJson } from './cli/output'
import type { Entry } from './entry'
import { entriesOf, loadAll } from './load'
import { Pool } from './pool'

function list(entries: readonly Entry[], { json }: CommandLine): void {
  const rows = entries.map(({ name, suite, assumes }) => ({ name, module: suite.module.name, instance: suite.module.instance, ...assumes }))
  if (json) printJson(rows)
  else
    for (const { name, module, instance, ...assumes } of rows)
      console.log(`${name.padEnd(44)} ${`${module} (${instance})`.padEnd(42)} ${assumptionsText(assumes)}`)
}

/** Each algorithm gets its share of the time, over its own layers, side by side, and over adversarial layers. Continues after a failure. */
async function runAll(entries: readonly Entry[], line: CommandLine, pool: Pool): Promise<boolean> {
  const tries = entries.flatMap((entry) => [
    { entry, layers: 'own' as const },
    { entry, layers: 'side by side' as const },
    ...(entry.overAdversarial === undefined ? [] : [{ entry, layers: 'adversarial' as const }]),
  ])
  const minutes = line.minutes === undefined ? {} : { minutes: line.minutes / tries.length }
  const share = { ...line, runs: Math.ceil(line.runs / tries.length), ...minutes }
  let bad = 0
  for (const { entry, layers } of tries) if (!(await runMany(entry, share, layers, pool))) bad++
  if (!line.json && line.shard === undefined)
    console.log(`${entries.length} algorithms: ${bad === 0 ? 'nothing violated' : `${bad} of ${tries.length} trials failed`}`)
  return bad === 0
}

async function pooled(line: CommandLine, use: (pool: Pool) => Promise<boolean>): Promise<boolean> {
  const pool = new Pool(line.workers)
  try {
    return await use(pool)
  } finally {
    await pool.end()
  }
}

async function main(names: readonly string[], line: CommandLine): Promise<boolean> {
  if (line.merge) return merge(names, line.json === true)
  if (line.list) {
    list(await entriesOf(line.from), line)
    return true
  }
  if (line.all) return pooled(line, async (pool) => runAll(await entriesOf(line.from), line, pool))
  if (names.length === 0) throw new Error('no algorithm given: expected its name, or --all; --list lists them')
  const entries = await loadAll(names, line.from)
  const [entry] = entries
  if (entries.length > 1 || entry === undefined) {
    if (line.explore || line.plan !== undefined) throw new Error('--explore and --plan are for one algorithm')
    return pooled(line, (pool) => runAll(entries, line, pool))
  }
  if (line.explore && layersOf(line) !== 'own')
    throw new Error('--explore tries one instance over its own layers: leave out --adversarial and --side-by-side')
  if (line.explore) return runExplorer(entry, line)
  const isOne = line.plan !== undefined || (line.runs === 1 && line.minutes === undefined && line.shard === undefined)
  return isOne ? runOne(entry, line) : pooled(line, (pool) => runMany(entry, line, layersOf(line), pool))
}

process.stdout.on('error', () => process.exit(1)) // the reader of our output has closed it

try {
  command.parse()
  process.exitCode = (await main(command.args, command.opts<CommandLine>())) ? 0 : 1
} catch (error) {
  process.stderr.write(`upon-sim: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
}
