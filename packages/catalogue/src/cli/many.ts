import { explain, hex, runSeed, type Scenario, type Statistics, shrink } from '@upon/simulator'
import type { Entry } from '../entry'
import { type Layers, scenarioIn } from '../load'
import { runOnAllCores } from '../pool'
import { type CommandLine, layersOf } from './options'
import { bad, colors, commandOf, good, printJson, progress, writeTrace } from './output'

/** Many runs of an algorithm on all cores. Whether nothing was violated. */
export async function runMany(entry: Entry, line: CommandLine, layers: Layers = layersOf(line)): Promise<boolean> {
  const found = scenarioIn(entry, layers)
  const scenario = { ...found, processes: line.processes ?? found.processes }
  const { processes } = scenario
  const { seed: first, minutes, workers, from } = line
  const beganMs = Date.now()
  const sum = await runOnAllCores({
    ...{ name: entry.name, layers, processes, first, workers, ...(from === undefined ? {} : { from }) },
    runs: minutes === undefined ? line.runs : Number.MAX_SAFE_INTEGER - first,
    limitMs: minutes === undefined ? Number.POSITIVE_INFINITY : minutes * 60_000,
    onProgress: ({ runs, events, violations }) => progress.show(`${runs} runs, ${events} events, ${violations} violations`),
  })
  const seconds = (Date.now() - beganMs) / 1000
  const [failure] = sum.failures
  const outcome = failure === undefined ? undefined : runSeed(scenario, failure.seed)
  if (failure !== undefined) progress.show(`shrinking seed ${hex(failure.seed)}, which violates ${failure.property}`)
  const shrunk = outcome === undefined ? undefined : shrink(scenario, outcome)
  progress.clear()
  if (shrunk !== undefined) writeTrace(line.trace, shrunk.run.trace)
  if (line.json) {
    const smallest = shrunk && { steps: shrunk.steps, plan: shrunk.plan }
    printJson({ algorithm: scenario.name, processes, seed: hex(first), seconds, ...sum, shrunk: smallest })
  } else {
    console.log(summary(scenario, first, sum, seconds))
    if (outcome !== undefined) console.log(explain(scenario, outcome, shrunk, { colors, command: commandOf(from) }))
  }
  return sum.violations === 0
}

const counted = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([what, count]) => `${what} ${count}`)
    .join(', ')

function summary({ name, processes }: Scenario, first: number, sum: Statistics, seconds: number): string {
  const seeds = `seeds ${hex(first)} to ${hex(first + sum.runs - 1)}`
  const rate = Math.round((sum.runs / seconds) * 60)
  const lines = [
    `${name}, ${processes} processes, ${seeds}: ${sum.runs} runs, ${sum.events} events, ${rate} runs a minute`,
    `  runs with ${counted(sum.faults) || 'no faults'}; ${sum.cut} cut off at their limits`,
  ]
  if (Object.keys(sum.sometimes).length > 0) lines.push(`  runs in which ${counted(sum.sometimes)}`)
  const never = Object.keys(sum.sometimes).filter((situation) => sum.sometimes[situation] === 0)
  if (never.length > 0) lines.push(bad(`  never: ${never.join(', ')}; what was tried shows too little`))
  lines.push(sum.violations === 0 ? good('  nothing violated') : bad(`  ${sum.violations} of ${sum.runs} runs violate something`))
  return lines.join('\n')
}
