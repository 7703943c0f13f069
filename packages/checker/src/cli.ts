#!/usr/bin/env node
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createColors } from 'picocolors'
import { type Input, inputsOf, type RunInput } from './cli/inputs'
import { type Judgement, judge, judgeTrace } from './cli/judge'
import { type CommandLine, readCommandLine } from './cli/options'
import { isAboutInput } from './trace-files/history-file'
import { writeTrace } from './trace-files/ndjson'

const { version } = createRequire(import.meta.url)('../package.json') as { version: string }
const colors = createColors(process.stdout.isTTY === true && process.env.NO_COLOR === undefined)

process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? (process.exitCode ?? 0) : 2))

const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file (ENOENT)',
  EISDIR: 'it is a folder; expected a file (EISDIR)',
  EACCES: 'it may not be read or written here (EACCES)',
}

const commandLine = readCommandLine(process.argv, version)
const inputs = inputsOf(commandLine.files, (file) => readFileSync(file === '-' ? 0 : file, 'utf8'))
const codes = cannotDo(commandLine, inputs) ? [2] : inputs.map((input) => judgeInput(input, commandLine))
process.exitCode = codes.includes(1) ? 1 : Math.max(0, ...codes)

/** Says so when the command line asks for what these files do not give. */
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
      input.sort === 'file' ? judge(name, input.read(), options) : judgeTrace(name, joined(input, joinedFile, output), options)
    if (htmlFile !== undefined && html !== undefined) writeFileSync(htmlFile, html)
    for (const judgement of judgements) say(output === 'json' ? asJson(name, judgement) : asText(name, judgement))
    if (output === 'text' && judgements.length > 1) say(summary(name, judgements))
    if (judgements.length === 0)
      say(output === 'json' ? JSON.stringify({ file: name, holds: true, why: 'nothing to judge' }) : `${name}: nothing to judge`)
    if (judgements.some(({ holds }) => holds === false)) return 1
    return judgements.some(({ holds, facts }) => holds === 'unknown' && facts.property === undefined) ? 2 : 0
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (!isAboutInput(error) && typeof code !== 'string') throw error
    const message = SYSTEM_ERRORS[code ?? ''] ?? (error as Error).message
    if (output === 'json') say(JSON.stringify({ file: name, error: message }))
    else complain(`${name}: ${message}`)
    return 2
  }
}

/** The trace of a run; says of what it was made. */
function joined(input: RunInput, file: string | undefined, output: CommandLine['output']) {
  const { trace, remarks } = input.join()
  const { length } = trace.entries
  if (output === 'json') say(JSON.stringify({ file: input.name, recordings: input.files, entries: length, end: trace.end, remarks }))
  else {
    say(`${input.name}: ${input.files.length} recordings joined: ${length} entries, ${trace.end}`)
    for (const remark of remarks) say(`${input.name}: ${remark}`)
  }
  if (file !== undefined) writeFileSync(file, writeTrace(trace))
  return trace
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function complain(line: string): void {
  process.stderr.write(`upon-check: ${line}\n`)
}

function asJson(file: string, { holds, why, facts }: Judgement): string {
  return JSON.stringify({ file, holds, ...facts, why })
}

/** What somebody who reads the last line only must know. */
function summary(file: string, judgements: readonly Judgement[]): string {
  const violated = judgements.filter(({ holds }) => holds === false).map(({ subject }) => subject)
  const unknown = judgements.filter(({ holds }) => holds === 'unknown').length
  const ends = [`${violated.length} violated${violated.length === 0 ? '' : ` (${violated.join(', ')})`}`, `${unknown} unknown`]
  return `${file}: ${judgements.length} judged: ${ends.join(', ')}`
}

function asText(file: string, { holds, subject, why, means, picture }: Judgement): string {
  const word = holds === true ? colors.green('holds') : holds === false ? colors.red('VIOLATED') : colors.yellow('unknown')
  return `${file}: ${subject}: ${word}: ${why}${means === undefined ? '' : `\n  ${means}`}${picture === undefined ? '' : `\n${picture.trimEnd()}`}`
}
