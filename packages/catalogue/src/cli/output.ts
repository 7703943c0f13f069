import { writeFileSync } from 'node:fs'
import { type Trace, writeTrace as textOf } from '@upon/trace'
import pc from 'picocolors'

export const colors = pc.isColorSupported

/** How the user called the command, including where the algorithm comes from. */
export function commandOf(from: string | undefined): string {
  const { npm_lifecycle_event: script } = process.env
  const called = script === 'sim' ? 'npm run sim --' : script === 'npx' ? 'npx upon-sim' : 'upon-sim'
  return from === undefined ? called : `${called} --from ${quoted(from)}`
}

/** Quoted as one word for a shell. */
const quoted = (word: string): string => (/^[\w./@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

export const printJson = (value: unknown): void => console.log(JSON.stringify(value))

export function writeTrace(file: string | undefined, trace: Trace): void {
  if (file !== undefined) writeFileSync(file, textOf(trace))
}

/** One line on a terminal that is overwritten; nothing elsewhere. */
export const progress = {
  show: (text: string): void => void (process.stderr.isTTY && process.stderr.write(`\r\x1b[K${text}`)),
  clear: (): void => void (process.stderr.isTTY && process.stderr.write('\r\x1b[K')),
}

export const good = (text: string): string => pc.green(text)
export const bad = (text: string): string => pc.red(text)
