#!/usr/bin/env node
import { createRequire } from 'node:module'
import { printable } from '@upon/contract'
import type { Session } from './cli/command'
import { LogFile } from './cli/log-file'
import { invocation, NoNodeCommand } from './cli/node-command'
import { type CommandLine, readCommandLine } from './cli/options'
import { Output } from './cli/output'
import { explainListening, listenCode } from './cli/ports'
import { prompt } from './cli/prompt'
import { Reference } from './cli/reference'
import { script, standardInput } from './cli/script'
import { makeDirectoryOf, stateFile } from './cli/state-directory'
import { HubError } from './errors'
import { Hub } from './hub'

const { version } = createRequire(import.meta.url)('../package.json') as { version: string }
const REFERENCE_OWNER = 'ref'
const LIMIT_REGISTRATION_MS = 20_000
const LIMIT_SHUTDOWN_MS = 4_000
const REACHABLE: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

const commandLine = readCommandLine(process.argv, version)
const output = new Output(commandLine.output, commandLine.logLevel)
const ending = new AbortController()
const isInteractive = commandLine.run === undefined && commandLine.output === 'text' && process.stdin.isTTY === true
let hub: Hub | undefined
let logFile: LogFile | undefined
let hasFailed = false
let stopping: Promise<never> | undefined

const reference = new Reference(
  (name, line) => output.log('debug', `${name}: ${line}`),
  (name, how, lastLines) => {
    output.error([`${name} ${how}`, ...lastLines.map((line) => `  ${line}`)].join('\n'))
    if (!how.startsWith('ended by')) hasFailed = true
    if (hub?.processes.some((process) => process.name === name)) hub.markCrashed(name)
    else ending.abort(`${name} ${how}`)
  },
)

/** Ends everything we started, then the process; the first exit code counts. */
function stop(exitCode: number): Promise<never> {
  stopping ??= (async () => {
    ending.abort()
    const late = new Promise((resolve) => setTimeout(resolve, LIMIT_SHUTDOWN_MS))
    await Promise.race([late, Promise.allSettled([hub?.close(), reference.stop()])])
    await logFile?.close()
    process.exit(exitCode)
  })()
  return stopping
}

function onSignal(exitCode: number): void {
  if (stopping) process.exit(exitCode)
  void stop(isInteractive ? 0 : exitCode)
}

function fail(message: string): Promise<never> {
  process.stderr.write(`upon-hub: ${printable(message, 1_000)}\n`)
  return stop(1)
}

function openLog({ logFile: wanted }: CommandLine, port: number): string {
  if (wanted === 'none') return 'no log file'
  const path = wanted ?? stateFile(`hub-${port}.log`)
  if (wanted === undefined) makeDirectoryOf(path)
  logFile = new LogFile(path, (reason) => process.stderr.write(`upon-hub: no log file: cannot write ${path}: ${reason}\n`))
  output.logTo(logFile)
  return `log in ${path}`
}

async function startReference(
  { processHost, processPorts, nodeCommand }: CommandLine,
  { host, port: hubPort }: Hub['address'],
): Promise<void> {
  const hubHost = REACHABLE[host] ?? host
  const names = processPorts.map((port, i) => {
    const [name, index] = [`${REFERENCE_OWNER}-${i + 1}`, i + 1]
    reference.start(name, invocation(nodeCommand, { hubHost, hubPort, host: processHost, port, owner: REFERENCE_OWNER, index }))
    return name
  })
  const interrupted = new Promise<never>((_, reject) => {
    ending.signal.addEventListener('abort', () => reject(new HubError('closed', 'the reference processes did not start')))
  })
  await Promise.race([hub!.registered(names, LIMIT_REGISTRATION_MS), interrupted])
}

const TAKEN = new Set(['EADDRINUSE', 'EACCES'])

/** At the port that is asked for; or, if none is and the default one is taken, at a free one. */
async function listen({ host, port, isPortFree, timeoutMs, seed, traceFolder }: CommandLine): Promise<Hub> {
  const trace = traceFolder === undefined ? {} : { trace: traceFolder }
  const options = { host, timeoutMs, seed, log: output.log.bind(output), onEvent: output.event.bind(output), ...trace }
  try {
    return await Hub.listen({ ...options, port })
  } catch (error) {
    const code = listenCode(error)
    if (code === undefined) throw error
    const why = explainListening(code, host, port, (error as Error).message)
    if (!isPortFree || !TAKEN.has(code)) throw new HubError('cannot-listen', why)
    const free = await Hub.listen({ ...options, port: 0 })
    output.result({ type: 'port-taken', port, instead: free.address.port }, [
      `port ${port} is taken: the hub takes ${free.address.port} instead`,
    ])
    return free
  }
}

async function main(): Promise<never> {
  const { host, timeoutMs } = commandLine
  hub = await listen(commandLine)
  const place = openLog(commandLine, hub.address.port)
  output.result({ type: 'listening', ...hub.address }, [
    `hub listening on ${host.includes(':') ? `[${host}]` : host}:${hub.address.port}, ${place}`,
  ])
  await startReference(commandLine, hub.address)
  const session: Session = { hub, output, reference, timeoutMs, ending: ending.signal, end: () => ending.abort() }
  if (isInteractive) {
    output.say(`'help' lists the commands, Tab completes; begin with 'system ${hub.processes[0]?.owner ?? 'OWNER'}'`)
    await prompt(session, commandLine.historyFile ?? stateFile('hub-history'))
    return stop(0)
  }
  const isWell = await script(session, commandLine.run ?? standardInput(session))
  return stop(isWell && !hasFailed ? 0 : 1)
}

process.on('SIGINT', () => onSignal(130))
process.on('SIGTERM', () => onSignal(143))
process.on('SIGHUP', () => onSignal(129))
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE' && !stopping) process.stderr.write(`upon-hub: cannot write to standard output: ${error.message}\n`)
  void stop(1)
})
process.stderr.on('error', () => {})
process.on('uncaughtException', (error) => {
  const lines = `upon-hub: ${error.stack ?? error}`.split('\n')
  process.stderr.write(`${lines.map((line) => printable(line, 1_000)).join('\n')}\n`)
  process.exit(1)
})

try {
  await main()
} catch (error) {
  if (stopping) await stopping
  if (error instanceof HubError || error instanceof NoNodeCommand) await fail(error.message)
  throw error
}
