import { type Address, formatAddress } from './address'

/** Listening failed; `cause` is the system's error. */
export class ListenError extends Error {
  override readonly name = 'ListenError'

  constructor(
    /** The system's code, e.g. EADDRINUSE, EACCES, ENOTFOUND. */
    readonly code: string | undefined,
    readonly address: Address,
    cause: Error,
  ) {
    super(`cannot listen on ${formatAddress(address)}: ${cause.message}`, { cause })
  }
}
