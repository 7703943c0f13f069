import type { ProcessId } from '@upon/contract'

/** Whether an error has one of these codes, whichever copy of a package it comes from. */
export const hasCode = (error: unknown, ...codes: readonly string[]) =>
  typeof error === 'object' && error !== null && codes.includes((error as { readonly code?: unknown }).code as string)

/**
 * What `instanceof` answers for a class of errors: by their codes, so that it holds across copies of a package; for a class derived from
 * it, as usual.
 */
export const byCode = (...codes: readonly string[]) =>
  function (this: object, error: unknown): boolean {
    return Object.hasOwn(this, Symbol.hasInstance) ? hasCode(error, ...codes) : Function.prototype[Symbol.hasInstance].call(this, error)
  }

/** Something was asked of a process that has crashed or was stopped: it has no effect. */
export class ProcessEndedError extends Error {
  override readonly name = 'ProcessEndedError'
  readonly code = 'UPON_PROCESS_ENDED'

  constructor(
    readonly process: ProcessId,
    readonly how: 'crashed' | 'stopped',
    what?: string,
  ) {
    super(`${what === undefined ? '' : `${what}: `}process ${process} has ${how}`)
  }

  static override readonly [Symbol.hasInstance] = byCode('UPON_PROCESS_ENDED')
}

/** The links have no room for more: what was asked has no effect. Wait until there is room; a face does so by itself. */
export class OverloadedError extends Error {
  override readonly name = 'OverloadedError'
  readonly code = 'UPON_OVERLOADED'

  constructor(
    readonly process: ProcessId,
    what: string,
  ) {
    super(`${what}: the links of process ${process} are full; wait for room, as a face that is awaited does`)
  }

  static override readonly [Symbol.hasInstance] = byCode('UPON_OVERLOADED')
}

/** A request was made with what its module does not take, and why: it has no effect. */
export const refusedBy = (what: string, why: string): TypeError => Object.assign(new TypeError(`${what}: ${why}`), { code: 'UPON_REFUSED' })

/** A value cannot travel, as a transport has said: the same error, which says now where the value was handed in, with its code. */
export function refusedValue(what: string, error: unknown): Error {
  const message = `${what}: ${error instanceof Error ? error.message : String(error)}`
  const options = { cause: error }
  return error instanceof RangeError
    ? Object.assign(new RangeError(message, options), { code: 'UPON_TOO_LARGE' })
    : Object.assign(new TypeError(message, options), { code: 'UPON_CANNOT_TRAVEL' })
}
