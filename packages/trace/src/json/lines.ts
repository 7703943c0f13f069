import { printable } from '@upon/contract'
import { TraceError } from '../trace-error'
import { ExactNumber } from './exact-number'
import { JsonError, parseJson } from './parse'

/** An object on a line, as read. */
export type Read = Readonly<Record<string, unknown>>

/** Reads lines of one object each, and skips blank ones. Returns the number of lines. */
export function forEachObject(text: string | Iterable<string>, take: (read: Read, line: number) => void): number {
  let line = 0
  for (const one of typeof text === 'string' ? text.split('\n') : text) {
    line += 1
    if (!/^[ \t\r]*$/.test(one)) take(parse(one, line), line)
  }
  return line
}

/** The object on a line. */
export function parse(text: string, line: number): Read {
  try {
    const read = parseJson(text)
    if (typeof read === 'object' && read !== null && !Array.isArray(read) && !(read instanceof ExactNumber)) return read as Read
  } catch (error) {
    if (error instanceof JsonError) throw new TraceError(line, `not JSON: ${error.message}`)
    throw error
  }
  throw new TraceError(line, 'expected an object')
}

/** The value of a field in an error message. */
export const found = (value: unknown): string =>
  value === undefined ? 'missing' : value instanceof ExactNumber ? value.text : printable(JSON.stringify(value))

/** Throws if a line has a field that is not known: a misspelt field must not be ignored. */
export function knownOnly(read: Read, known: ReadonlySet<string>, what: string, line: number): void {
  for (const name of Object.keys(read))
    if (!known.has(name)) throw new TraceError(line, `${what} has no field "${printable(name)}"; expected ${[...known].join(', ')}`)
}

/** Whether a line is an object with a field of that name. */
export function hasField(line: string, name: string): boolean {
  try {
    return Object.hasOwn(parse(line, 1), name)
  } catch {
    return false
  }
}
