#!/usr/bin/env node
import { createRequire } from 'node:module'
import { printable } from '@upon/contract'
import { createLog, type Log } from './log'
import { createNode, type Node } from './node'
import { type CommandLine, readCommandLine } from './options'
import { openOutput } from './output'

const { version } = createRequire(import.meta.url)('../package.json') as { version: string }

type Started = { readonly node: Node; readonly log: Log }[]

/** Adds to `started` as it goes. */
async function startAll(commandLine: CommandLine, started: Started): Promise<void> {
  const { hub, host, ports, owner, index, connections, delayMs, logLevel, traceFolder } = commandLine
  const output = openOutput(commandLine)
  const trace = traceFolder === undefined ? {} : { trace: traceFolder }
  for (const [i, port] of ports.entries()) {
    const log = createLog(`${owner}-${index + i}`, logLevel, output)
    const node = await createNode({ hub, host, port, owner, index: index + i, connections, delayMs, log, ...trace })
    started.push({ node, log })
    log.info({ host: node.address.host, port: node.address.port, hub: `${hub.host}:${hub.port}` }, 'listening')
  }
}

/** Ends gracefully at the first signal or end of input, at once at the second. */
function endOnRequest(started: Started, ends: CommandLine['ends']): void {
  let ending = false
  const end = (why: string, exitCode: number) => {
    if (ending) process.exit(exitCode)
    ending = true
    for (const { log } of started) log.info(`${why}: ending`)
    void Promise.all(started.map(({ node }) => node.stop())).then(() => process.exit(0))
  }
  process.on('SIGINT', () => end('SIGINT', 130))
  process.on('SIGTERM', () => end('SIGTERM', 143))
  if (ends === 'on signal or end of input') {
    process.stdin.on('end', () => end('end of input', 0)).on('error', () => end('end of input', 0))
    process.stdin.resume()
  }
}

const explain = (error: unknown) => printable(error instanceof Error ? error.message : String(error), 1_000)

try {
  const commandLine = readCommandLine(process.argv, version)
  const started: Started = []
  endOnRequest(started, commandLine.ends)
  await startAll(commandLine, started)
} catch (error) {
  process.stderr.write(`upon-node: ${explain(error)}\n`)
  process.exit(1)
}
