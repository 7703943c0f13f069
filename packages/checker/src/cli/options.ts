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
  intervals are closed; an optional "key" tells registers apart.
  Where nobody writes, the value before the file is not known: all must agree on it.
  {"client":2,"op":"cas","expected":5,"new":6,"call":4,"return":7}
  "ok":false: found another value. Short form: p, f, a, b, call, ret.
A trace (upon-trace/1): does every property of every module hold?
Recordings, one of each process of a run: joined to one trace, and judged as that.`

const examples = `
Examples:
  $ upon-check history.jsonl
  $ upon-check --json --budget 10 *.jsonl
  $ upon-check --html picture.html trace.ndjson
  $ upon-check --joined trace.ndjson recorded/*.ndjson

Exit code 0: all hold, or are liveness of a run that was cut off; 1: at least one is violated; 2: at least one could not be
judged (not readable, ill-formed, undecided, nothing in it), or the command line is wrong.`

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
    .option('--json', 'an object a line for each verdict')
    .option('--html <file>', 'a picture of the one file or run judged, in a file without anything from outside', file)
    .option('--joined <file>', 'the trace that the recordings of one run make, as a file', file)
    .option(
      '--budget <seconds>',
      'for each register, before it is given up as unknown',
      positive('A budget is a number of seconds', LIMIT_BUDGET_S),
      60,
    )
    .addOption(
      new Option('--condition <condition>', 'what histories must be; regular and safe are for one writer')
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
