import { writeFileSync } from 'node:fs'
import { type Trace, writeTrace as textOf } from '@upon/checker'
import pc from 'picocolors'

export const colors = pc.isColorSupported

export const printJson = (value: unknown): void => console.log(JSON.stringify(value))

export function writeTrace(file: string | undefined, trace: Trace): void {
  if (file !== undefined) writeFileSync(file, textOf(trace))
}

/** One line on a terminal, written over again and again; nothing elsewhere. */
export const progress = {
  show: (text: string): void => void (process.stderr.isTTY && process.stderr.write(`\r\x1b[K${text}`)),
  clear: (): void => void (process.stderr.isTTY && process.stderr.write('\r\x1b[K')),
}

export const good = (text: string): string => pc.green(text)
export const bad = (text: string): string => pc.red(text)
