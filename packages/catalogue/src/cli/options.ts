import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { InvalidArgumentError, newCommand, positive, wholeNumber } from '@upon/command-line'
import type { Layers } from '../load'

const { version } = createRequire(import.meta.url)('@upon/catalogue/package.json') as { version: string }

export interface CommandLine {
  readonly processes?: number
  readonly seed: number
  readonly runs: number
  readonly minutes?: number
  readonly workers: number
  readonly json?: true
  readonly trace?: string
  readonly plan?: string
  readonly from?: string
  readonly list?: true
  readonly all?: true
  readonly adversarial?: true
  readonly sideBySide?: true
  readonly explore?: true
  readonly crashes: number
  readonly timeouts: number
  readonly losses: number
  readonly repeats: number
  readonly lies: number
  readonly limit: number
  readonly shard?: string
  readonly merge?: true
}

export function layersOf({ adversarial, sideBySide }: CommandLine): Layers {
  if (adversarial && sideBySide) throw new Error('--adversarial and --side-by-side exclude each other')
  if (adversarial) return 'adversarial'
  return sideBySide ? 'side by side' : 'own'
}

/** The seeds of a call: all, or the share of a shard. */
export function shareOf({ seed, runs, minutes, shard = '1/1' }: CommandLine): { readonly first: number; readonly runs: number } {
  const [i = 1, n = 1] = shard.split('/').map(Number)
  if (minutes !== undefined) return { first: seed + (i - 1) * FAR_APART, runs: FAR_APART }
  const at = (k: number) => Math.floor((runs * k) / n)
  return { first: seed + at(i - 1), runs: at(i) - at(i - 1) }
}

/** More seeds than any shard can run. */
const FAR_APART = 2 ** 36

/** A seed, or `commit`: another one for each commit, and the same one for that commit. */
function seedOf(text: string): number {
  if (text !== 'commit') return decimalOrHexadecimal(text)
  try {
    const hash = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    return Number.parseInt(hash.slice(0, 12), 16)
  } catch {
    throw new InvalidArgumentError('There is no commit here.')
  }
}

function decimalOrHexadecimal(text: string): number {
  return wholeNumber('A seed', 0, 2 ** 52)(/^0x[\da-f]{1,14}$/i.test(text) ? String(Number(text)) : text)
}

function shard(text: string): string {
  const [, i, n] = /^([1-9]\d{0,5})\/([1-9]\d{0,3})$/.exec(text) ?? []
  if (i === undefined || Number(i) > Number(n)) throw new InvalidArgumentError('Expected I/N, such as 3/8.')
  return text
}

const help = `
Examples:
  upon-sim --list
  upon-sim --all --runs 200000                     every algorithm
  upon-sim register consensus --processes 3 --runs 500000    those of these packages
  upon-sim --all --runs 100000000 --shard 3/64 > 3.json  a share of these seeds; then
  upon-sim --merge *.json                                says what the whole says
  upon-sim uc --processes 5 --runs 100000          a hundred thousand schedules, each with faults of its own
  upon-sim majority-ack --minutes 10               as many as ten minutes take
  upon-sim nnar --seed 0x2a --runs 1 --trace t.ndjson    one run in full; upon-check --html t.html t.ndjson draws it
  upon-sim beb --explore --processes 3 --crashes 1       every schedule of a small system
  upon-sim mine --from ./my-catalogue.js           an algorithm of your own

Exit code 0: nothing violated; 1: a property is violated, and the shortest schedule that shows it is printed, or 1,000 or more runs never
showed a required situation; 2: it could not run.`

export const command = newCommand('upon-sim', version)
  .description('Runs an algorithm under many seeds, each with faults and a schedule of its own, or under every schedule of a small system.')
  .argument(
    '[algorithm...]',
    'its name, the book’s name of an instance (uc, nnar, beb ...) for the first that implements that module, or a package for all in it',
  )
  .option(
    '--all',
    'every algorithm, over its own layers, side by side, and over adversarial layers; --runs and --minutes are for all of them together',
  )
  .option('--list', 'lists the algorithms, and does nothing else')
  .option('--from <file>', 'takes the algorithm from a JavaScript module that exports a catalogue')
  .option('--adversarial', 'over adversarial layers: as bad as the modules that the algorithm uses allow')
  .option('--side-by-side', 'two instances in each process, the second made while the first is at work')
  .option(
    '--processes <n>',
    'how many processes; by default 1 to 7 by turns, depending on the seed; 2 for --explore',
    wholeNumber('A number of processes', 1, 50),
  )
  .option('--seed <seed>', 'the first seed, decimal or 0x...; commit: derived from the commit that is checked out', seedOf, 1)
  .option('--runs <n>', 'how many seeds', wholeNumber('A number of seeds', 1, 1e12), 10_000)
  .option(
    '--minutes <n>',
    'for this many minutes, instead of --runs; with --explore: at most this long',
    positive('A time is a number of minutes', 1e6),
  )
  .option('--workers <n>', 'how many threads', wholeNumber('A number of threads', 1, 256), availableParallelism())
  .option('--trace <file>', 'writes the trace of the one run, of the shrunk failure or of the counterexample, as NDJSON')
  .option('--plan <file>', 'runs this plan, as a shrunk failure prints it, instead of seeds; - is standard input')
  .option('--explore', 'tries every schedule instead of seeds, shortest first')
  .option('--crashes <n>', 'with --explore: how many processes may crash', wholeNumber('A number of crashes', 0, 50), 0)
  .option('--timeouts <n>', 'with --explore: how many time-outs there may be', wholeNumber('A number of time-outs', 0, 1000), 0)
  .option(
    '--losses <n>',
    'with --explore: how many messages fair-loss links may lose',
    wholeNumber('A number of lost messages', 0, 1000),
    0,
  )
  .option(
    '--repeats <n>',
    'with --explore: how many messages fair-loss links may repeat',
    wholeNumber('A number of repeated messages', 0, 1000),
    0,
  )
  .option('--lies <n>', 'with --explore: how often eventual detectors below may be wrong', wholeNumber('A number of lies', 0, 1000), 0)
  .option('--limit <n>', 'with --explore: how many states at most', wholeNumber('A number of states', 1, 1e9), 100_000)
  .option('--shard <i/n>', 'tries the i-th of n shares of the seeds, and prints JSON for --merge', shard)
  .option('--merge', 'puts the output files of all shards together, instead of running anything')
  .option('--json', 'prints one line of JSON for each algorithm')
  .addHelpText('after', help)
