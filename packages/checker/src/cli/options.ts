import { file, newCommand, Option, positive } from '@upon/command-line'

export type Condition = 'atomic' | 'regular' | 'safe'

/** What the command line asks for. */
export interface CommandLine {
  readonly files: readonly string[]
  readonly output: 'text' | 'json'
  readonly htmlFile: string | undefined
  readonly joinedFile: string | undefined
  readonly limitMs: number
  readonly condition: Condition
}

const LIMIT_BUDGET_S = 86_400

const description = `Judges files of JSON lines; '-' is standard input.

A history of a register: is it linearizable?
  {"client":1,"op":"write","value":5,"call":0,"return":3}
  "return" null: never returned; "value" null: the initial value;
  intervals are closed; an optional "key" names the register.
  If nothing in the file writes a register, its value before the file is unknown: all reads must agree.
  {"client":2,"op":"cas","expected":5,"new":6,"call":4,"return":7}
  "ok":false: it found another value. Short form: p, f, a, b, call, ret.
A trace (upon-trace/1): does every property of every module hold?
Recordings, one per process of a run: joined to one trace, which is judged.`

const examples = `
Examples:
  $ upon-check history.jsonl
  $ upon-check --json --budget 10 *.jsonl
  $ upon-check --html picture.html trace.ndjson
  $ upon-check --joined trace.ndjson recorded/*.ndjson

Exit code 0: all properties hold, except liveness of a run that was cut off; 1: at least one is violated; 2: at least one input
could not be judged (not readable, ill-formed, undecided, empty), or the command line is wrong.`

interface Flags {
  json?: true
  html?: string
  joined?: string
  budget: number
  condition: Condition
}

/** Reads the command line. Exits with 2 and one clear message when it is wrong, with 0 after `--help` and `--version`. */
export function readCommandLine(argv: readonly string[], version: string): CommandLine {
  const command = newCommand('upon-check', version)
    .description(description)
    .argument('<file...>', 'histories, traces, recordings')
    .option('--json', 'print each verdict as a line of JSON')
    .option('--html <file>', 'draw the file or run into a self-contained HTML file', file)
    .option('--joined <file>', 'write the trace that the recordings of a run are joined to', file)
    .option(
      '--budget <seconds>',
      'time per register before its verdict is unknown',
      positive('A budget is a number of seconds', LIMIT_BUDGET_S),
      60,
    )
    .addOption(
      new Option('--condition <condition>', 'what histories must satisfy; regular and safe are for one writer')
        .choices(['atomic', 'regular', 'safe'])
        .default('atomic'),
    )
    .addHelpText('after', examples)
    .parse(argv as string[])
  const flags = command.opts<Flags>()
  if (flags.html !== undefined && flags.condition !== 'atomic') command.error('error: --html draws no regular or safe registers')
  return {
    files: command.args,
    output: flags.json ? 'json' : 'text',
    htmlFile: flags.html,
    joinedFile: flags.joined,
    limitMs: flags.budget * 1000,
    condition: flags.condition,
  }
}
