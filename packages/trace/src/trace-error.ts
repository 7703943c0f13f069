/** A malformed trace or history: the line, and what was expected. */
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
