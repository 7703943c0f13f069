import { type Command, file, host, newCommand, Option, port, ports, wholeNumber } from '@upon/command-line'

export type ScreenLevel = 'info' | 'debug' | 'trace'

/** What the command line asks for. */
export interface CommandLine {
  readonly host: string
  readonly port: number
  /** Whether another port will do when that one is taken: nobody asked for it. */
  readonly isPortFree: boolean
  /** Where the reference processes listen; none of them for no ports. 0: a free one. */
  readonly processHost: string
  readonly processPorts: readonly number[]
  readonly nodeCommand: string | undefined
  readonly timeoutMs: number
  readonly seed: number
  readonly logLevel: ScreenLevel
  /** `undefined`: the default place; `none`: no file. */
  readonly logFile: string | 'none' | undefined
  readonly historyFile: string | undefined
  readonly traceFolder: string | undefined
  readonly output: 'text' | 'json'
  /** Commands to run instead of those from standard input. */
  readonly run: readonly string[] | undefined
}

const MAX_REFERENCE = 100

const description = `The hub: processes register with it, and it starts systems of them, makes them broadcast, read, write and agree, and judges their answers.
By default it starts three reference processes of its own, ref-1 to ref-3.

Two forms:
  upon-hub [--port 5000] [--processes 3 | --process-ports 5001,5002,5003 | --no-reference]
  upon-hub HUBHOST HUBPORT PROCHOST PORT1 PORT2 PORT3      the classic one`

const examples = `
Commands come from a prompt, or line by line from standard input when that is no terminal; 'help' lists them.

Examples:
  $ upon-hub 127.0.0.1 5000 127.0.0.1 5001 5002 5003
  $ upon-hub --port 0 --run 'system ref; broadcast ref-1 52; storm x 200; lin x; consensus t'
  $ upon-hub --no-reference --trace run; upon-check run/*.hub.ndjson     judges processes of any implementation
  $ echo 'list' | upon-hub --no-reference --json | jq .

Exit code 0: every expectation of every command held; 1: one did not, or the hub could not start; 2: the command line is wrong.`

interface Flags {
  host: string
  port: number
  processHost: string
  processPorts?: readonly number[]
  processes?: number
  reference: boolean
  nodeCommand?: string
  timeout: number
  seed: number
  logLevel: ScreenLevel
  logFile: string | boolean | undefined
  historyFile?: string
  trace?: string
  json?: true
  run?: string
}

/** Reads the command line. Exits with 2 and one clear message when it is wrong, with 0 after `--help` and `--version`. */
export function readCommandLine(argv: readonly string[], version: string): CommandLine {
  const command = define(version).parse(argv as string[])
  const flags = command.opts<Flags>()
  const fail = (message: string): never => command.error(`error: ${message}`)
  const given = (name: string): boolean => command.getOptionValueSource(name) === 'cli'
  if (given('processPorts') && given('processes')) fail('--process-ports and --processes exclude each other')
  if (!flags.reference && (given('processPorts') || given('processes'))) fail('--no-reference excludes --process-ports and --processes')
  const chosen = flags.processPorts ?? new Array<number>(flags.processes ?? 3).fill(0)
  const isClassic = command.args.length > 0
  const classicOnly = ['host', 'port', 'processHost', 'processPorts', 'processes'].filter(given)
  if (isClassic && classicOnly.length > 0) fail('hosts, ports and the number of processes are part of the classic form: give them once')
  const places = isClassic
    ? classic(command.args, fail)
    : { host: flags.host, port: flags.port, processHost: flags.processHost, processPorts: chosen }
  const processPorts = flags.reference ? places.processPorts : []
  const twice = [places.port, ...processPorts].find((one, i, all) => one !== 0 && all.indexOf(one) !== i)
  if (twice !== undefined && (places.host === places.processHost || processPorts.indexOf(twice) !== processPorts.lastIndexOf(twice))) {
    fail(`port ${twice} is given twice`)
  }
  return {
    ...{
      ...places,
      isPortFree: !isClassic && !given('port'),
      processPorts,
      nodeCommand: flags.nodeCommand,
      timeoutMs: flags.timeout,
      seed: flags.seed,
      logLevel: flags.logLevel,
    },
    logFile: flags.logFile === false ? 'none' : typeof flags.logFile === 'string' ? flags.logFile : undefined,
    ...{ historyFile: flags.historyFile, traceFolder: flags.trace, output: flags.json ? 'json' : 'text', run: flags.run?.split(';') },
  }
}

function define(version: string): Command {
  return newCommand('upon-hub', version)
    .description(description)
    .argument('[classic...]', 'HUBHOST HUBPORT PROCHOST PORT1 PORT2 PORT3')
    .option('--host <host>', 'the address to listen on, and to be reached at', host, '127.0.0.1')
    .option('--port <port>', 'the port to listen on, 0 for a free one', port, 5000)
    .option('--process-host <host>', 'where the reference processes listen', host, '127.0.0.1')
    .option('--process-ports <ports>', 'their ports, separated by commas, 0 for a free one', ports)
    .option(
      '--processes <n>',
      'the number of reference processes, on free ports (default: 3)',
      wholeNumber('A number of processes', 0, MAX_REFERENCE),
    )
    .option('--no-reference', 'start no reference processes')
    .option(
      '--node-command <command>',
      'start them with this instead of upon-node; {hubHost} {hubPort} {host} {port} {owner} {index} are filled in, or else flags appended',
      file,
    )
    .option('--timeout <ms>', 'how long the hub waits for an answer', wholeNumber('A time-out', 1, 2_147_483_647), 5_000)
    .option('--seed <n>', 'seed of the values that the hub chooses', wholeNumber('A seed', 0, 4_294_967_295), 1)
    .addOption(new Option('--log-level <level>', 'how much to show').choices(['info', 'debug', 'trace']).default('info'))
    .option('--log-file <file>', 'log everything to this file (default: hub-PORT.log in the state directory)', file)
    .option('--no-log-file', 'no log file')
    .option('--history-file <file>', 'where the prompt keeps its history', file)
    .option('--trace <folder>', 'record commands and answers in this folder, one file per system, for upon-check', file)
    .option('--json', 'one JSON object per line on standard output for every event and result')
    .option('--run <commands>', 'run these commands, separated by semicolons, and end')
    .addHelpText('after', examples)
}

function classic(args: readonly string[], fail: (message: string) => never) {
  const [hubHost = '', hubPort = '', processHost = '', ...processPorts] = args
  if (args.length < 4) return fail(`the classic form is HUBHOST HUBPORT PROCHOST PORT1 PORT2 PORT3; here are ${args.length} of at least 4`)
  try {
    const places = { host: host(hubHost), port: port(hubPort), processHost: host(processHost), processPorts: processPorts.map(port) }
    return places.processPorts.length > MAX_REFERENCE ? fail(`at most ${MAX_REFERENCE} reference processes`) : places
  } catch (error) {
    return fail((error as Error).message)
  }
}
