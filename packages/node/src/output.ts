import { openSync } from 'node:fs'
import { type DestinationStream, destination, multistream } from 'pino'
import pretty from 'pino-pretty'
import type { CommandLine } from './options'

/** Says that a log file has failed, once, and goes on without it. */
function forgiving(file: string): DestinationStream {
  const stream = destination({ fd: openSync(file, 'a'), sync: true })
  let failed = false
  stream.on('error', (error: Error) => {
    if (!failed) process.stderr.write(`upon-node: cannot write to ${file}: ${error.message}; going on without it\n`)
    failed = true
  })
  return {
    write: (line) => {
      if (!failed) stream.write(line)
    },
  }
}

/** Where the log goes: standard output, for people or for programs, and a file if wanted. Throws when the file cannot be opened. */
export function openOutput({ output, logFile }: Pick<CommandLine, 'output' | 'logFile'>): DestinationStream {
  const standard: DestinationStream =
    output === 'json'
      ? { write: (line) => void process.stdout.write(line) }
      : pretty({
          colorize: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
          translateTime: 'SYS:HH:MM:ss.l',
          messageFormat: '{process} {msg}',
          ignore: 'process,pid,hostname',
          singleLine: true,
          sync: true,
        })
  if (logFile === undefined) return standard
  return multistream([
    { level: 'trace', stream: standard },
    { level: 'trace', stream: forgiving(logFile) },
  ])
}
