/** Why an operation did not complete for its caller: its signal was aborted, the process ended, or too many calls wait already. */
export type Reason = 'aborted' | 'crashed' | 'stopped' | 'overloaded'

const words: Record<Reason, string> = {
  aborted: 'it was aborted',
  crashed: 'the process has crashed',
  stopped: 'the process has stopped',
  overloaded: 'too many calls wait for their turn',
}

/**
 * An operation did not complete for its caller. `outcome` says what is known of its effect. `cause` is the signal's reason, or the
 * error that crashed the process.
 */
export abstract class OperationError extends Error {
  abstract readonly outcome: 'no effect' | 'unknown'

  constructor(
    /** `read`, `write`, `propose`, ... */
    readonly operation: string,
    readonly reason: Reason,
    what: string,
    override readonly cause?: unknown,
  ) {
    super(`${operation}: ${words[reason]}; ${what}`)
  }
}

/** The operation has had no effect and never will: it had not begun, or only asked for something. It is safe to call again. */
export class NoEffectError extends OperationError {
  override readonly name = 'NoEffectError'
  readonly outcome = 'no effect'

  constructor(operation: string, reason: Reason, cause?: unknown) {
    super(operation, reason, 'it has no effect', cause)
  }
}

/** The operation had begun: it may have taken effect, may yet, or never will. Who must know has to look, with a later operation. */
export class OutcomeUnknownError extends OperationError {
  override readonly name = 'OutcomeUnknownError'
  readonly outcome = 'unknown'

  constructor(operation: string, reason: Reason, cause?: unknown) {
    super(operation, reason, 'whether it takes effect is unknown', cause)
  }
}
