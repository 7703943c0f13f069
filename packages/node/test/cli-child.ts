import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { LogLine } from './scene'

export const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url))

/** A running `upon-node`. */
export interface CliChild {
  readonly child: ChildProcess
  /** What it printed on standard output, line by line. */
  readonly output: readonly string[]
  /** The same as log entries, if started with `--json`. */
  readonly lines: () => LogLine[]
  readonly errors: () => string
  /** Resolves with the first line that has the text, printed already or to come; rejects when it ends before. */
  line(text: string): Promise<string>
  /** The exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>
}

interface CliOptions {
  readonly stdin?: 'ignore' | 'pipe'
  /** Where its standard output goes instead of to the test. */
  readonly stdoutTo?: string
  /** How many files it may open. */
  readonly openFiles?: number
  /** Does something at the end: by default when the test is over. */
  readonly atEnd?: (kill: () => void) => void
}

/** Starts the command as it was built; it is killed at the end. */
export function startCli(
  args: readonly string[],
  { stdin = 'ignore', stdoutTo, openFiles, atEnd = onTestFinished }: CliOptions = {},
): CliChild {
  const command = [process.execPath, CLI, ...args]
  const [program = '', ...rest] = openFiles === undefined ? command : ['sh', '-c', `ulimit -n ${openFiles}; exec "$0" "$@"`, ...command]
  const stdout = stdoutTo === undefined ? 'pipe' : openSync(stdoutTo, 'w')
  const child = spawn(program, rest, { stdio: [stdin, stdout, 'pipe'] })
  if (typeof stdout === 'number') closeSync(stdout)
  atEnd(() => void child.kill('SIGKILL'))
  const output: string[] = []
  const waiting = new Set<() => void>()
  let errors = ''
  let ended = false
  const wake = () => {
    for (const look of [...waiting]) look()
  }
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  if (child.stdout)
    createInterface({ input: child.stdout }).on('line', (line) => {
      output.push(line)
      wake()
    })
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      ended = true
      wake()
      resolve(code)
    })
  })
  const line = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = output.find((each) => each.includes(text))
        if (found === undefined && !ended) return
        waiting.delete(look)
        if (found !== undefined) resolve(found)
        else reject(new Error(`it ended before it said '${text}'; it said\n${output.join('\n')}\n${errors}`))
      }
      waiting.add(look)
      look()
    })
  return { child, output, lines: () => output.map((each) => JSON.parse(each) as LogLine), errors: () => errors, line, exited }
}
