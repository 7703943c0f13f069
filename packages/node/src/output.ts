import { openSync } from 'node:fs'
import { printable } from '@upon/contract'
import { type DestinationStream, destination, multistream } from 'pino'
import pretty from 'pino-pretty'
import type { CommandLine } from './options'

const LIMIT_FILE = 1_000

/** Says that a log file has failed, once, and goes on without it. */
function forgiving(file: string): DestinationStream {
  const stream = destination({ fd: openSync(file, 'a'), sync: true })
  let failed = false
  stream.on('error', (error: Error) => {
    if (!failed) process.stderr.write(`upon-node: cannot write to ${printable(file, LIMIT_FILE)}: ${error.message}; going on without it\n`)
    failed = true
  })
  return {
    write: (line) => {
      if (!failed) stream.write(line)
    },
  }
}

/** What reads our output may go away, which is no reason to end; whatever else is wrong with it is said, once. */
function standardOutput(): (text: string) => void {
  let failed = false
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (!failed && error.code !== 'EPIPE')
      process.stderr.write(`upon-node: cannot write to standard output: ${error.message}; going on without it\n`)
    failed = true
  })
  process.stderr.on('error', () => {})
  return (text) => {
    if (!failed) process.stdout.write(text)
  }
}

/** Where the log goes: standard output, for people or for programs, and a file if wanted. Throws when the file cannot be opened. */
export function openOutput({ output, logFile }: Pick<CommandLine, 'output' | 'logFile'>): DestinationStream {
  const write = standardOutput()
  const people = pretty.prettyFactory({
    colorize: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
    translateTime: 'SYS:HH:MM:ss.l',
    messageFormat: '{process} {msg}',
    ignore: 'process,pid,hostname',
    singleLine: true,
  })
  const standard: DestinationStream = { write: output === 'json' ? write : (line) => write(people(line)) }
  if (logFile === undefined) return standard
  return multistream([
    { level: 'trace', stream: standard },
    { level: 'trace', stream: forgiving(logFile) },
  ])
}
