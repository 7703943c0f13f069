import { type Address, formatAddress } from './address'

/** Listening failed; `cause` is the error of the operating system. */
export class ListenError extends Error {
  override readonly name = 'ListenError'

  constructor(
    /** The code of the operating system: EADDRINUSE, EACCES, ENOTFOUND, ... */
    readonly code: string | undefined,
    readonly address: Address,
    cause: Error,
  ) {
    super(`cannot listen on ${formatAddress(address)}: ${cause.message}`, { cause })
  }
}
