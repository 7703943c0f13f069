/**
 * - `no-system`: nothing was started yet, or it was destroyed; `no-processes`: a system or command without any process
 * - `unknown-process`, `unknown-owner`: nobody of that name registered, or it is not in the system; `crashed`: it is known to be dead
 * - `not-registered`: those awaited did not all register in time; `missing` names them
 * - `topic-used`: this topic was proposed in this system before: a consensus decides once
 * - `bad-argument`: a value that is no int32, an empty or too long name, a count that is none
 * - `history-full`: `LIMIT_HISTORY` operations on one register, or `LIMIT_OPERATIONS` in all, of one system
 * - `too-many`: `LIMIT_ANSWERS` answers are awaited, or `LIMIT_NAMES` registers and topics are in one system
 * - `cannot-record`: nothing can be written in the folder for traces
 * - `cannot-listen`, `closed`
 */
export type HubErrorCode =
  | 'no-system'
  | 'no-processes'
  | 'unknown-process'
  | 'unknown-owner'
  | 'crashed'
  | 'not-registered'
  | 'topic-used'
  | 'bad-argument'
  | 'history-full'
  | 'too-many'
  | 'cannot-record'
  | 'cannot-listen'
  | 'closed'

/** A command that cannot be carried out. What processes do or fail to do is never an error: it is in the outcome. */
export class HubError extends Error {
  override readonly name = 'HubError'

  constructor(
    readonly code: HubErrorCode,
    message: string,
    /** For `not-registered`: who is missing. */
    readonly missing: readonly string[] = [],
    cause?: Error,
  ) {
    super(message, cause && { cause })
  }
}

/** Most answers awaited at a time. */
export const LIMIT_ANSWERS = 100_000

/** Most registers and topics of one system together, and the characters in their names. */
export const LIMIT_NAMES = 100_000
export const LIMIT_NAMES_CHARACTERS = 16 * 1024 * 1024

/** Longest register or topic, in bytes: the paths made of it must fit a message's strings. */
export const LIMIT_NAME_BYTES = 32 * 1024

export function checkName(what: 'register' | 'topic', name: string): void {
  const bytes = Buffer.byteLength(name)
  if (bytes === 0 || bytes > LIMIT_NAME_BYTES) {
    throw new HubError('bad-argument', `a ${what}'s name has 1 to ${LIMIT_NAME_BYTES} bytes, found ${bytes}`)
  }
}

export function checkValue(value: number): void {
  if (!Number.isInteger(value) || value !== (value | 0)) {
    throw new HubError('bad-argument', `a value is an integer from -2147483648 to 2147483647, found ${value}`)
  }
}
