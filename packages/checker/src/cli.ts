#!/usr/bin/env node
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { printable } from '@upon/contract'
import { writeTrace } from '@upon/trace'
import { createColors } from 'picocolors'
import { isAboutInput } from './cli/history-file'
import { type Input, inputsOf, type RunInput } from './cli/inputs'
import { judge, judgeTrace } from './cli/judge'
import type { Judgement } from './cli/judgement'
import { type CommandLine, readCommandLine } from './cli/options'
import { jsonLine } from './cli/raw-json'

const { version } = createRequire(import.meta.url)('../package.json') as { version: string }
const colors = createColors(process.stdout.isTTY === true && process.env.NO_COLOR === undefined)

process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? (process.exitCode ?? 0) : 2))
// An internal error is not a verdict: the exit code 1, which Node uses for it, means "violated".
process.on('uncaughtException', (error) => {
  complain(`internal error: ${printable(String(error?.stack ?? error), LIMIT_LINE)}`)
  process.exit(2)
})

const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file (ENOENT)',
  EISDIR: 'it is a folder; expected a file (EISDIR)',
  EACCES: 'it may not be read or written here (EACCES)',
}

/** The longest line that is printed. */
const LIMIT_LINE = 4_000

const commandLine = readCommandLine(process.argv, version)
const inputs = inputsOf(commandLine.files)
const codes = cannotDo(commandLine, inputs) ? [2] : inputs.map((input) => judgeInput(input, commandLine))
process.exitCode = codes.includes(1) ? 1 : Math.max(0, ...codes)

/** Complains if the options do not fit the files. Returns whether it did. */
function cannotDo({ htmlFile, joinedFile }: CommandLine, inputs: readonly Input[]): boolean {
  const isOne = inputs.length === 1
  if (htmlFile !== undefined && !isOne) complain('--html draws one file or run; more than one is given')
  else if (joinedFile !== undefined && !(isOne && inputs[0]?.sort === 'run'))
    complain('--joined writes the trace of one run; expected the recordings of its processes and nothing else')
  else return false
  return true
}

/** The exit code for one file, or one run. */
function judgeInput(input: Input, { limitMs, condition, htmlFile, joinedFile, output }: CommandLine): 0 | 1 | 2 {
  const { name } = input
  try {
    const options = { limitMs, condition, wantsHtml: htmlFile !== undefined }
    const { judgements, html } =
      input.sort === 'file' ? judgeFile(input, options) : judgeTrace(name, joined(input, joinedFile, output), options)
    if (htmlFile !== undefined && html !== undefined) writeFileSync(htmlFile, html)
    for (const judgement of judgements) say(output === 'json' ? asJson(name, judgement) : asText(name, judgement))
    if (output === 'text' && judgements.length > 1) say(summary(name, judgements))
    if (judgements.some(({ holds }) => holds === false)) return 1
    return judgements.every(({ holds, isOpen }) => holds === true || isOpen === true) ? 0 : 2
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    const isOurs = !isAboutInput(error) && typeof code !== 'string'
    const message = SYSTEM_ERRORS[code ?? ''] ?? (isOurs ? `internal error: ${(error as Error)?.stack ?? error}` : (error as Error).message)
    if (output === 'json') say(jsonLine({ file: name, error: message }))
    else complain(`${printable(name)}: ${printable(message, LIMIT_LINE)}`)
    return 2
  }
}

function judgeFile(input: Extract<Input, { sort: 'file' }>, options: Parameters<typeof judge>[3]) {
  const { first, lines } = input.open()
  return judge(input.name, first, lines, options)
}

/** Joins and prints what was joined. */
function joined(input: RunInput, file: string | undefined, output: CommandLine['output']) {
  const { trace, remarks } = input.join()
  const { length } = trace.entries
  const name = printable(input.name)
  if (output === 'json') say(jsonLine({ file: input.name, recordings: input.files, entries: length, end: trace.end, remarks }))
  else {
    say(`${name}: ${input.files.length} recordings joined: ${length} entries, ${trace.end}`)
    for (const remark of remarks) say(`${name}: ${printable(remark, LIMIT_LINE)}`)
  }
  if (file !== undefined) writeFileSync(file, writeTrace(trace))
  return trace
}

/** Prints a line that is already escaped. */
function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function complain(line: string): void {
  process.stderr.write(`upon-check: ${line}\n`)
}

function asJson(file: string, { holds, why, facts }: Judgement): string {
  return jsonLine({ file, holds, ...facts, why })
}

/** The last line, for readers who read nothing else. */
function summary(file: string, judgements: readonly Judgement[]): string {
  const violated = judgements.filter(({ holds }) => holds === false).map(({ subject }) => printable(subject))
  const unknown = judgements.filter(({ holds }) => holds === 'unknown').length
  const illFormed = judgements.filter(({ holds }) => holds === 'ill-formed').length
  const ends = [`${violated.length} violated${violated.length === 0 ? '' : ` (${violated.join(', ')})`}`, `${unknown} unknown`]
  return `${printable(file)}: ${judgements.length} judged: ${[...ends, ...(illFormed > 0 ? [`${illFormed} ill-formed`] : [])].join(', ')}`
}

function wordFor(holds: Judgement['holds']): string {
  if (holds === true) return colors.green('holds')
  return holds === false ? colors.red('VIOLATED') : colors.yellow(holds)
}

function asText(file: string, { holds, subject, why, means, picture }: Judgement): string {
  const verdict = `${printable(file)}: ${printable(subject)}: ${wordFor(holds)}: ${printable(why, LIMIT_LINE)}`
  const drawn =
    picture === undefined
      ? []
      : picture
          .trimEnd()
          .split('\n')
          .map((line) => printable(line, LIMIT_LINE))
  return [verdict, ...(means === undefined ? [] : [`  ${means}`]), ...drawn].join('\n')
}
