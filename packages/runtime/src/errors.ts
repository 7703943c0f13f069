import type { ProcessId } from '@upon/contract'

/** Whether an error has one of these codes, from any copy of a package. */
export const hasCode = (error: unknown, ...codes: readonly string[]) =>
  typeof error === 'object' && error !== null && codes.includes((error as { readonly code?: unknown }).code as string)

/**
 * Makes `instanceof` for a class of errors compare codes, so that it works across copies of a package. For a derived class it works as
 * usual.
 */
export const byCode = (...codes: readonly string[]) =>
  function (this: object, error: unknown): boolean {
    return Object.hasOwn(this, Symbol.hasInstance) ? hasCode(error, ...codes) : Function.prototype[Symbol.hasInstance].call(this, error)
  }

/** A request to a process that has crashed or was stopped. It has no effect. */
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

/** The links have no room: the request has no effect. Wait until there is room; a face does so by itself. */
export class OverloadedError extends Error {
  override readonly name = 'OverloadedError'
  readonly code = 'UPON_OVERLOADED'

  constructor(
    readonly process: ProcessId,
    what: string,
  ) {
    super(`${what}: the links of process ${process} are full; wait for room, or await the calls of a face`)
  }

  static override readonly [Symbol.hasInstance] = byCode('UPON_OVERLOADED')
}

/** A request with a value that its module refuses, and the reason. It has no effect. */
export const refusedBy = (what: string, why: string): TypeError => Object.assign(new TypeError(`${what}: ${why}`), { code: 'UPON_REFUSED' })

/** Adds to a transport's error about a value that cannot travel: the request that submitted it, and the code. */
export function refusedValue(what: string, error: unknown): Error {
  const message = `${what}: ${error instanceof Error ? error.message : String(error)}`
  const options = { cause: error }
  return error instanceof RangeError
    ? Object.assign(new RangeError(message, options), { code: 'UPON_TOO_LARGE' })
    : Object.assign(new TypeError(message, options), { code: 'UPON_CANNOT_TRAVEL' })
}
