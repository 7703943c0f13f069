import { printable } from '@upon/contract'
import { InvalidArgumentError } from 'commander'

/** Reads a whole number in decimal digits. `what` begins the message of the error: `A port is a whole number from ...`. */
export const wholeNumber =
  (what: string, lowest: number, highest: number) =>
  (text: string): number => {
    const n = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
    if (!(n >= lowest && n <= highest))
      throw new InvalidArgumentError(`${what} is a whole number from ${lowest} to ${highest}, not '${printable(text)}'.`)
    return n
  }

/** Reads a decimal number above 0. `what` begins the message of the error: `A budget is a number of seconds`. */
export const positive =
  (what: string, highest: number) =>
  (text: string): number => {
    const n = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
    if (!(n > 0 && n <= highest)) throw new InvalidArgumentError(`${what} above 0 and up to ${highest}, not '${printable(text)}'.`)
    return n
  }

/** A port to listen on; 0 for a free one. */
export const port = wholeNumber('A port', 0, 65_535)

/** Ports, separated by commas. */
export const ports = (text: string): readonly number[] => text.split(',').map((one) => port(one))

export const host = (text: string): string => named('A host has a name or address', text.trim() === '', text)

/** The name of a file or a folder. */
export const file = (text: string): string => named('A file has a name', text === '', text)

function named(rule: string, isEmpty: boolean, text: string): string {
  if (isEmpty) throw new InvalidArgumentError(`${rule}; this one is empty.`)
  return text
}
