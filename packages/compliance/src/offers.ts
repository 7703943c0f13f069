import type { ProcessId } from '@upon/contract'
import { printable } from '@upon/contract'
import type { Value } from './values'

/** A request that was made before. */
export interface Requested<O> {
  readonly process: ProcessId
  readonly operation: O
}

/** Who asks, and what was requested before, at all processes. */
export interface Asking<O = unknown> {
  readonly process: ProcessId
  readonly processes: readonly ProcessId[]
  readonly before: readonly Requested<O>[]
}

/** An argument of a request, as a form shows it: any plain data, one of some, or a whole number from a least one on. */
export type Field =
  | { readonly name: string; readonly kind: 'value'; readonly initial: Value }
  | { readonly name: string; readonly kind: 'choice'; readonly initial: string; readonly choices: readonly string[] }
  | { readonly name: string; readonly kind: 'number'; readonly initial: number; readonly least: number }

/** A request that the client at a process may make now: a button, with a form if it has fields. */
export interface Offer<O = unknown> {
  /** The book's name of the request: `broadcast`. */
  readonly name: string
  readonly fields: readonly Field[]
  /** The operation with these arguments, by the names of the fields; a field that is left out has its initial value. Throws RangeError. */
  readonly operation: (values?: Readonly<Record<string, Value>>) => O
}

/** Makes an offer whose operation checks its arguments first. */
export function offer<O>(name: string, fields: readonly Field[], operation: (...values: readonly never[]) => O): Offer<O> {
  return {
    name,
    fields,
    operation: (values = {}) => {
      const other = Object.keys(values).find((key) => !fields.some((field) => field.name === key))
      if (other !== undefined) throw new RangeError(`${printable(other)}: ${name} has no such argument`)
      return operation(...(fields.map((field) => checked(field, values[field.name])) as never[]))
    },
  }
}

function checked(field: Field, value: Value = field.initial): Value {
  if (field.kind === 'choice' && !field.choices.includes(value as string))
    throw new RangeError(`${field.name}: expected ${field.choices.join(', ')}`)
  if (field.kind === 'number' && !(Number.isSafeInteger(value) && (value as number) >= field.least))
    throw new RangeError(`${field.name}: expected a whole number from ${field.least} on`)
  return value
}

/** Some plain data; the next of 1, 2, 3, ... by default, so that values differ. */
export const value = (name: string, { before }: Pick<Asking, 'before'>): Field => ({ name, kind: 'value', initial: before.length + 1 })

/** One of some; the first by default. */
export const choice = (name: string, choices: readonly string[]): Field => ({ name, kind: 'choice', initial: choices[0] ?? '', choices })

/** Whether a process has made a request before. */
export const hasRequested = ({ process, before }: Asking): boolean => before.some((requested) => requested.process === process)
