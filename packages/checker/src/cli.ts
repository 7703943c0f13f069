#!/usr/bin/env node
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createColors } from 'picocolors'
import { type Judgement, judge } from './cli/judge'
import { type CommandLine, readCommandLine } from './cli/options'
import { isAboutInput } from './trace-files/history-file'

const { version } = createRequire(import.meta.url)('../package.json') as { version: string }
const colors = createColors(process.stdout.isTTY === true && process.env.NO_COLOR === undefined)

process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? (process.exitCode ?? 0) : 2))

const commandLine = readCommandLine(process.argv, version)
const codes = commandLine.files.map((file) => judgeFile(file, commandLine))
process.exitCode = codes.includes(1) ? 1 : Math.max(0, ...codes)

/** The exit code for one file. */
function judgeFile(file: string, { limitMs, condition, htmlFile, output }: CommandLine): 0 | 1 | 2 {
  try {
    const { judgements, html } = judge(file, readFileSync(file === '-' ? 0 : file, 'utf8'), {
      limitMs,
      condition,
      wantsHtml: htmlFile !== undefined,
    })
    if (htmlFile !== undefined && html !== undefined) writeFileSync(htmlFile, html)
    for (const judgement of judgements) say(output === 'json' ? asJson(file, judgement) : asText(file, judgement))
    if (judgements.length === 0)
      say(output === 'json' ? JSON.stringify({ file, holds: true, why: 'nothing to judge' }) : `${file}: nothing to judge`)
    if (judgements.some(({ holds }) => holds === false)) return 1
    return judgements.some(({ holds, facts }) => holds === 'unknown' && facts.property === undefined) ? 2 : 0
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (!isAboutInput(error) && typeof code !== 'string') throw error
    if (output === 'json') say(JSON.stringify({ file, error: (error as Error).message }))
    else process.stderr.write(`upon-check: ${file}: ${(error as Error).message}\n`)
    return 2
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function asJson(file: string, { holds, why, facts }: Judgement): string {
  return JSON.stringify({ file, holds, ...facts, why })
}

function asText(file: string, { holds, subject, why, picture }: Judgement): string {
  const word = holds === true ? colors.green('holds') : holds === false ? colors.red('VIOLATED') : colors.yellow('unknown')
  return `${file}: ${subject}: ${word}: ${why}${picture === undefined ? '' : `\n${picture.trimEnd()}`}`
}
