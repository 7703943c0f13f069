import { explain, sizeOf } from '@upon/compliance'
import { checkDeterminism, hex, NotDeterministic, runSeed, type Scenario, type Statistics, shrink } from '@upon/simulator'
import type { Entry } from '../entry'
import { type Layers, scenarioIn } from '../load'
import type { Pool } from '../pool'
import { type CommandLine, shareOf } from './options'
import { bad, colors, commandOf, printJson, progress, writeTrace } from './output'
import { type Facts, isGood, summary } from './summary'

/** Many runs of an algorithm on all cores. Whether nothing was violated, and every required situation occurred. */
export async function runMany(entry: Entry, line: CommandLine, layers: Layers, pool: Pool): Promise<boolean> {
  const { processes, from, shard, minutes } = line
  const sizes = processes === undefined ? entry.options.sizes : [processes]
  const { first, runs } = shareOf(line)
  const beganMs = Date.now()
  const found = scenarioIn(entry, layers)
  const differs = difference({ ...found, processes: sizeOf(first, sizes) }, first)
  if (differs !== undefined) {
    if (line.json) printJson({ algorithm: found.name, differs })
    else console.log(bad(`the same seed does not give the same run: ${differs}`))
    return false
  }
  const sum = await pool.run({
    ...{
      name: entry.name,
      layers,
      first,
      runs,
      ...(from === undefined ? {} : { from }),
      ...(processes === undefined ? {} : { processes }),
    },
    limitMs: minutes === undefined ? Number.POSITIVE_INFINITY : minutes * 60_000,
    onProgress: ({ runs, events, violations }) => progress.show(`${runs} runs, ${events} events, ${violations} violations`),
  })
  const seconds = (Date.now() - beganMs) / 1000
  const failing = failureOf(sum, (seed) => ({ ...found, processes: sizeOf(seed, sizes) }))
  progress.clear()
  if (failing !== undefined) writeTrace(line.trace, failing.shrunk.run.trace)
  const facts: Facts = { algorithm: found.name, processes: processes ?? 'by turns', seed: hex(first), seconds }
  if (line.json || shard !== undefined) {
    const smallest = failing && { steps: failing.shrunk.steps, plan: failing.shrunk.plan }
    printJson({ ...facts, shard, from, ...sum, shrunk: smallest })
  } else {
    console.log(summary(facts, sum))
    if (failing !== undefined) console.log(explain(failing.scenario, failing.outcome, failing.shrunk, { colors, command: commandOf(from) }))
  }
  return isGood(sum)
}

/** Where two runs of a seed differ, if they do: then no run of this algorithm can be reproduced. */
function difference(scenario: Scenario, seed: number): string | undefined {
  try {
    checkDeterminism(scenario, seed)
    return undefined
  } catch (error) {
    if (error instanceof NotDeterministic) return error.message
    throw error
  }
}

/** The first failure, and the shortest schedule that shows it. */
function failureOf({ failures: [failure] }: Statistics, scenarioOf: (seed: number) => Entry['scenario']) {
  if (failure === undefined) return undefined
  progress.show(`shrinking seed ${hex(failure.seed)}, which violates ${failure.property}`)
  const scenario = scenarioOf(failure.seed)
  const outcome = runSeed(scenario, failure.seed)
  return { scenario, outcome, shrunk: shrink(scenario, outcome) }
}
