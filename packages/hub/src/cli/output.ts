import { printable } from '@upon/contract'
import { createColors } from 'picocolors'
import type { HubEvent, LogLevel } from '../events'
import { formatEvent } from './format'
import type { LogFile } from './log-file'
import type { ScreenLevel } from './options'

const ORDER: readonly LogLevel[] = ['error', 'warn', 'info', 'debug', 'trace']

/** Everything the hub says goes through here: to standard output as text or JSON lines, and to the log file. */
export class Output {
  level: ScreenLevel
  /** Registers whose operations are too many to be shown one by one. */
  readonly quietRegisters = new Set<string>()
  topics: 'named' | 'implied' = 'implied'
  /** Replaced by the prompt, which has to draw itself again. */
  write: (text: string) => void = (text) => void process.stdout.write(text)
  readonly colors
  #file: LogFile | undefined

  constructor(
    readonly format: 'text' | 'json',
    level: ScreenLevel,
  ) {
    this.level = level
    const wanted = format === 'text' && process.stdout.isTTY === true && process.env.NO_COLOR === undefined && process.env.TERM !== 'dumb'
    this.colors = createColors(wanted)
  }

  logTo(file: LogFile): void {
    this.#file = file
  }

  /** Lines for people; nothing in JSON. */
  say(...lines: readonly string[]): void {
    for (const line of lines.map(shown)) {
      this.#file?.write('info', plain(line))
      if (this.format === 'text') this.write(`${line}\n`)
    }
  }

  /** A result: `lines` for people, `object` for programs. */
  result(object: Readonly<Record<string, unknown>> & { readonly type: string }, lines: readonly string[]): void {
    this.say(...lines)
    if (this.format === 'json') this.#json(object)
  }

  error(message: string): void {
    this.result({ type: 'error', message }, [this.colors.red(message)])
  }

  event(event: HubEvent): void {
    const isLogged = event.type === 'unexpected' || event.type === 'refused' // as a warning
    if (isLogged && this.format === 'text') return
    const line = shown(formatEvent(event, this.topics, this.colors))
    this.#file?.write('info', plain(line))
    if (this.format === 'json') this.#json(event)
    else if (!this.#isQuiet(event)) this.write(`${line}\n`)
  }

  /** A line of the log: to the file always, to the screen according to the level. */
  log(level: LogLevel, line: string): void {
    const text = printable(line, LIMIT_LOG)
    this.#file?.write(level, text)
    if (ORDER.indexOf(level) > ORDER.indexOf(this.level)) return
    if (this.format === 'json') this.#json({ type: 'log', level, text })
    else this.write(`${level === 'warn' || level === 'error' ? this.colors.yellow(text) : this.colors.dim(text)}\n`)
  }

  #isQuiet(event: HubEvent): boolean {
    return 'register' in event && this.level === 'info' && this.quietRegisters.has(event.register)
  }

  #json(object: object): void {
    this.write(`${escaped(JSON.stringify(object, (_, value) => (value === undefined ? null : value)))}\n`)
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
const COLOUR = /(\x1b\[\d+m)/
const plain = (line: string): string =>
  line
    .split(COLOUR)
    .filter((_, i) => i % 2 === 0)
    .join('')

/** Longest line of the log. */
const LIMIT_LOG = 10_000

/** Whatever a text has in it, no more than our own colours and ends of lines reach a terminal or file. What is from outside was escaped and clipped before. */
const shown = (text: string): string =>
  text
    .split('\n')
    .map((line) =>
      line
        .split(COLOUR)
        .map((part, i) => (i % 2 === 0 ? printable(part, Number.POSITIVE_INFINITY) : part))
        .join(''),
    )
    .join('\n')

/** The same JSON, with nothing in it that a terminal would take for something else. */
const escaped = (json: string): string =>
  json.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (sign) =>
    Array.from({ length: sign.length }, (_, i) => `\\u${sign.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  )
