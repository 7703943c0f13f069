import { host, InvalidArgumentError, newCommand, Option, ports, wholeNumber } from '@upon/command-line'
import { printable } from '@upon/contract'
import type { Address } from '@upon/transport/tcp'
import type { LogLevel } from './log'

/** What the command line asks for: one or more processes of one owner. */
export interface CommandLine {
  readonly hub: Address
  readonly host: string
  readonly ports: readonly number[]
  readonly owner: string
  /** The index of the first process; the others count on from there. */
  readonly index: number
  readonly connections: 'kept' | 'classic'
  readonly delayMs: number
  readonly logLevel: LogLevel
  readonly output: 'json' | 'pretty'
  readonly logFile: string | undefined
  readonly traceFolder: string | undefined
  readonly ends: 'on signal' | 'on signal or end of input'
}

const hubPort = wholeNumber("The hub's port", 1, 65_535)

/** `--port` may be given several times. */
const morePorts = (text: string, earlier: readonly number[] = []) => [...earlier, ...ports(text)]

const owner = (text: string) => {
  if (text === '' || printable(text, 100) !== text) throw new InvalidArgumentError('An owner is a name of 1 to 100 printable characters.')
  return text
}

const hubAddress = (text: string): Address => {
  const at = text.lastIndexOf(':')
  if (at === -1) throw new InvalidArgumentError(`The hub's address is HOST:PORT, not '${text}'.`)
  return { host: host(text.slice(0, at).replace(/^\[(.*)\]$/, '$1')), port: hubPort(text.slice(at + 1)) }
}

const description = `Runs processes for the hub: each listens, registers with the hub, and takes part in every system that the hub starts,
with best-effort broadcast, atomic registers and consensus over TCP.

Two forms:
  upon-node --hub 127.0.0.1:5000 --port 5004 --owner abc [--index 1]
  upon-node HUBHOST HUBPORT HOST PORT... ALIAS      the classic one: several processes in one program`

const examples = `
Examples:
  $ upon-node 127.0.0.1 5000 127.0.0.1 5004 5005 5006 abc     abc-1, abc-2 and abc-3 in one program
  $ upon-node --hub 127.0.0.1:5000 --port 0 --owner abc --index 2 --log-level debug
  $ upon-node --hub 127.0.0.1:5000 --port 5004,5005 --owner abc --json | jq .
  $ upon-node --hub 127.0.0.1:5000 --port 5004 --owner abc --trace run; upon-check run/*.ndjson

Ends on SIGINT or SIGTERM with exit code 0; a second signal ends it at once. Exit code 2: the command line is wrong; 1: it could not listen.`

interface Flags {
  hub?: Address
  host: string
  port?: readonly number[]
  owner?: string
  index: number
  connections: 'kept' | 'classic'
  delay: number
  logLevel: LogLevel
  logFile?: string
  trace?: string
  json?: true
  untilInputEnds?: true
}

/** Reads the command line. Exits with 2 and one clear message when it is wrong, with 0 after `--help` and `--version`. */
export function readCommandLine(argv: readonly string[], version: string): CommandLine {
  const command = newCommand('upon-node', version)
    .description(description)
    .argument('[classic...]', 'HUBHOST HUBPORT HOST PORT... ALIAS')
    .option('--hub <host:port>', 'where the hub listens; it need not be there yet', hubAddress)
    .option('--host <host>', 'the address to listen on, and to be reached at', host, '127.0.0.1')
    .option('--port <port>', 'the port to listen on, 0 for a free one; several, separated by commas, for several processes', morePorts)
    .option('--owner <name>', 'the owner: processes are called OWNER-INDEX', owner)
    .option('--index <n>', 'the index of the first process', wholeNumber('An index', 0, 1_000_000), 1)
    .addOption(
      new Option('--connections <how>', 'kept: connections among upon nodes stay open; classic: one connection per message')
        .choices(['kept', 'classic'])
        .default('kept'),
    )
    .option('--delay <ms>', 'first delay of the failure detector, and its increment', wholeNumber('A delay', 10, 600_000), 100)
    .addOption(
      new Option('--log-level <level>', 'how much to log').choices(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
    )
    .option('--log-file <file>', 'log to this file as well, as JSON lines')
    .option('--trace <folder>', 'record every event in this folder, one file per system and process, for upon-check')
    .option('--json', 'log to standard output as JSON lines, for programs')
    .option('--until-input-ends', 'also end when standard input ends: for a program that starts this one as a child')
    .addHelpText('after', examples)
    .parse(argv as string[])
  const flags = command.opts<Flags>()
  const fail = (message: string) => command.error(`error: ${message}`)
  const common = {
    connections: flags.connections,
    delayMs: flags.delay,
    logLevel: flags.logLevel,
    output: flags.json ? 'json' : 'pretty',
    logFile: flags.logFile,
    traceFolder: flags.trace,
    ends: flags.untilInputEnds ? 'on signal or end of input' : 'on signal',
  } as const
  if (command.args.length > 0) return { ...classic(command.args, flags, fail), ...common }
  if (flags.hub === undefined) return fail("the hub's address is missing: --hub HOST:PORT")
  if (flags.owner === undefined) return fail('the owner is missing: --owner NAME')
  return { hub: flags.hub, host: flags.host, ports: unique(flags.port ?? [0], fail), owner: flags.owner, index: flags.index, ...common }
}

function classic(args: readonly string[], flags: Flags, fail: (message: string) => never) {
  if (args.length < 5) return fail(`the classic form is HUBHOST HUBPORT HOST PORT... ALIAS; here are ${args.length} of at least 5`)
  if (flags.hub !== undefined || flags.port !== undefined || flags.owner !== undefined) {
    return fail('--hub, --port and --owner do not go with the classic form, which has them')
  }
  const [hubHost = '', hubPortText = '', ownHost = '', ...rest] = args
  const alias = rest.pop() ?? ''
  try {
    return {
      hub: { host: host(hubHost), port: hubPort(hubPortText) },
      host: host(ownHost),
      ports: unique(
        rest.flatMap((text) => ports(text)),
        fail,
      ),
      owner: owner(alias),
      index: flags.index,
    }
  } catch (error) {
    return fail((error as Error).message)
  }
}

function unique(chosen: readonly number[], fail: (message: string) => never): readonly number[] {
  const twice = chosen.find((p, i) => p !== 0 && chosen.indexOf(p) !== i)
  return twice === undefined ? chosen : fail(`port ${twice} is given twice`)
}
