import { createInterface } from 'node:readline'
import { printable } from '@upon/contract'
import type { Session } from './command'
import { interpret } from './interpreter'

/** Characters of a command that are shown. */
const LIMIT_SHOWN = 1_000

/** Runs lines one after the other until the end; resolves to whether everything in all of them went as expected. */
export async function script(session: Session, lines: Iterable<string> | AsyncIterable<string>): Promise<boolean> {
  let allWell = true
  for await (const line of lines) {
    if (session.ending.aborted) break
    if (line.trim() !== '') session.output.say(session.output.colors.dim(`> ${printable(line.trim(), LIMIT_SHOWN)}`))
    if (!(await interpret(session, line))) allWell = false
    if (session.ending.aborted) break
  }
  return allWell
}

/** Standard input by lines; ends when the session does. */
export function standardInput({ ending }: Session): AsyncIterable<string> {
  const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })
  ending.addEventListener('abort', () => lines.close())
  return lines
}
