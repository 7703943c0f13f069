/** A trace or history on disk is not what it should be: says at which line, and what was expected. */
export class TraceError extends Error {
  override readonly name = 'TraceError'

  constructor(
    /** Counted from 1. */
    readonly line: number,
    problem: string,
  ) {
    super(`line ${line}: ${problem}`)
  }
}
