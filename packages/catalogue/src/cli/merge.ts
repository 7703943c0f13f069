import { readFileSync } from 'node:fs'
import { addStatistics, hex, noStatistics, type Statistics } from '@upon/simulator'
import { bad, commandOf, printJson } from './output'
import { type Facts, isGood, summary } from './summary'

/** What one shard says about one algorithm. */
interface Share extends Facts, Statistics {
  readonly shard: string
  readonly from?: string
}

/** Merges the shards of one call, and prints what the call without shards would have. Returns whether all is good. */
export function merge(files: readonly string[], json: boolean): boolean {
  const byAlgorithm = new Map<string, Share[]>()
  for (const file of files)
    for (const share of sharesIn(file)) byAlgorithm.set(share.algorithm, [...(byAlgorithm.get(share.algorithm) ?? []), share])
  return [...byAlgorithm.values()].map((shares) => tell(shares, json)).every((good) => good)
}

function sharesIn(file: string): Share[] {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
  return lines.map((line, i) => {
    let share: Partial<Share> | undefined
    try {
      share = JSON.parse(line)
    } catch {} // reported below
    if (typeof share?.algorithm !== 'string' || !/^\d+\/\d+$/.test(share.shard ?? ''))
      throw new Error(`${file}, line ${i + 1}: expected what upon-sim --shard prints`)
    return share as Share
  })
}

function tell(shares: readonly Share[], json: boolean): boolean {
  const [first] = shares as [Share, ...Share[]]
  expectAll(shares)
  const sum = noStatistics()
  for (const share of shares) addStatistics(sum, share)
  const least = shares.reduce((least, { seed }) => Math.min(least, Number(seed)), Number.POSITIVE_INFINITY)
  const seconds = Math.max(...shares.map((share) => share.seconds))
  const facts = { algorithm: first.algorithm, processes: first.processes, seed: hex(least), seconds }
  if (json) printJson({ ...facts, ...sum })
  else {
    console.log(summary(facts, sum))
    const size = typeof first.processes === 'number' ? ` --processes ${first.processes}` : ''
    for (const { seed, property, why } of sum.failures.slice(0, 3))
      console.log(
        `${bad(`  seed ${hex(seed)}: ${property} violated`)}: ${why}\n    again: ${commandOf(first.from)} ${first.algorithm}${size} --seed ${hex(seed)} --runs 1`,
      )
  }
  return isGood(sum)
}

/** Each shard must be present, once: a missing one has shown nothing. */
function expectAll(shares: readonly Share[]): void {
  const [{ algorithm, shard }] = shares as [Share, ...Share[]]
  const [, of] = shard.split('/')
  const expected = Array.from({ length: Number(of) }, (_, i) => `${i + 1}/${of}`)
  const given = shares.map((share) => share.shard)
  const missing = expected.filter((name) => !given.includes(name))
  if (missing.length > 0) throw new Error(`${algorithm}: shard ${missing.join(', ')} is missing`)
  const odd = given.find((name, i) => !expected.includes(name) || given.indexOf(name) !== i)
  if (odd !== undefined) throw new Error(`${algorithm}: shard ${odd} is there twice, or of another call`)
}
