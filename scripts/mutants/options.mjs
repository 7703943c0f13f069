import { parseArgs } from 'node:util'

const HELP = `npm run mutants -- [file or algorithm ...]

Makes every small mistake in the algorithms, one at a time, and says which nothing catches: those of an algorithm's files under its suites,
those of other files (of contract, runtime, links, transport, protocol, command-line, trace, linearizability, checker, node, hub and simulator) under the tests that import them, quickest first.
Without names: in the algorithms. Known survivors are in scripts/mutants/survivors.json, each with the reason that it is harmless.

  --runs N      schedules of each scenario for each mutant; 3000 by default
  --seconds N   of each scenario at most; 10 by default
  --line N      mutants of that line only
  --sample N    so many mutants, drawn from the commit that is checked out, a few of each of some files whose survivors are all known
  --minutes N   starts no mutant after that
  --json        the whole list, for programs

Exit code 0: nothing survived but what is known to be harmless; 1: something else did; 2: it could not be done.`

/** @typedef {{ words: readonly string[], runs: number, limitMs: number, line: number | undefined, sample: number | undefined, limitMinutes: number, json: boolean }} Options */

/** What the command line asks for; nothing if that was help, or cannot be understood, which it says. @param {string[]} args @returns {Options | undefined} */
export function mutantsOptions(args) {
  try {
    const { values, positionals: words } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        runs: { type: 'string', default: '3000' },
        seconds: { type: 'string', default: '10' },
        line: { type: 'string' },
        sample: { type: 'string' },
        minutes: { type: 'string', default: '100000' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (!values.help) {
      const line = values.line === undefined ? undefined : wholeNumber('line', values.line)
      return {
        words,
        runs: wholeNumber('runs', values.runs),
        limitMs: 1000 * wholeNumber('seconds', values.seconds),
        line,
        sample: values.sample === undefined ? undefined : wholeNumber('sample', values.sample),
        limitMinutes: wholeNumber('minutes', values.minutes),
        json: values.json,
      }
    }
    console.log(HELP)
  } catch (error) {
    console.error(`${/** @type {Error} */ (error).message}\n\n${HELP}`)
    process.exitCode = 2
  }
  return undefined
}

/** @param {string} name @param {string} text */
function wholeNumber(name, text) {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`--${name} ${text}: expected a whole number from 1 on`)
  return Number(text)
}
