import { parseArgs } from 'node:util'

const HELP = `npm run mutants -- [file or algorithm ...]

Makes every small mistake in the algorithms, one at a time, and says which nothing catches.

  --runs N      schedules of each scenario for each mutant; 3000 unless told
  --seconds N   of each scenario at most; 10 unless told
  --line N      mutants of that line only
  --json        the whole list, for programs

Exit code 0: it was done, whatever survived; 2: it could not be.`

/** @typedef {{ words: readonly string[], runs: number, limitMs: number, line: number | undefined, json: boolean }} Options */

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
